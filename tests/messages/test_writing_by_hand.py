"""The practice writes to those who are still to come: once, to kept addresses, and lists whom it must call."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.errors import KeyReused
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.write_to_patients import LONGEST, MOST, Posted, require_text, write_to_patients
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import new_id
from sprechzeit.staff.models import Membership
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, events
from tests.factories import Made, at_desk, in_days, make_person
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, messages
from tests.messages.test_what_a_mail_says import text_of
from tests.messages.told import booked, mailing
from tests.web.page import Form, Page

TEXT = "Dr. Test ist krank.\n\nBitte rufen Sie uns an <heute>."
DAY = f"{in_days(1):%Y-%m-%d}"
HERE = "/desk/nachrichten/schreiben/"


class Morning:
    """One booked online, whose address is kept, and one by phone, without."""

    def __init__(self) -> None:
        self.made, self.visit_type = mailing()
        self.online = booked(self.made, self.visit_type, 9, last_name="Netz").appointment_id
        with_phone = make_person(last_name="Telefon", email="", phone="+493012345678")
        self.phoned = book_by_phone(self.made, self.visit_type, in_days(1, 10), with_phone).id
        deliver_all()
        self.client = at_desk(self.made)

    def form(self) -> Form:
        return Page(self.client.get(HERE, {"tag": DAY})).form(with_field="text")

    def send(self, *to: UUID, text: str = TEXT, key: str = "k", **button: str) -> Page:
        fields = {"tag": DAY, "text": text, "key": key, "termin": [str(one) for one in to], **button}
        return Page(self.client.post(HERE, fields))


def write(made: Made, *to: UUID, text: str = TEXT, key: str = "") -> Posted:
    with wearing(Role.DESK):
        return write_to_patients(made.id, made.actor, to, text, key=key)


def notes(made: Made) -> list[str]:
    return [one.state for one in messages(made, kind="note")]


def test_the_page_lists_who_is_to_come_all_chosen_and_who_has_no_address(box: PostBox) -> None:
    morning = Morning()

    page = Page(morning.client.get(HERE, {"tag": DAY}))

    assert page.form(with_field="text").choices["termin"] == [str(morning.online), str(morning.phoned)]
    assert morning.client.get(HERE, {"tag": DAY}).content.decode().count(" checked>") == 2
    assert "Netz, Erika" in page.text
    assert page.text.count("keine Adresse") == 1
    assert "tel:+493012345678" in page.links
    assert len(events(morning.made, "message.choose")) == 2


def test_it_goes_to_the_kept_address_with_the_text_and_the_appointment(box: PostBox) -> None:
    morning = Morning()
    box.mails.clear()

    page = morning.send(morning.online, morning.phoned)
    deliver_all()

    (mail,) = box.mails
    plain, html = text_of(mail, "plain").replace("\r", ""), text_of(mail, "html")
    assert (mail["To"], mail["Subject"]) == ("erika@example.org", "Nachricht zu Ihrem Termin")
    assert TEXT in plain
    assert "09:00 Uhr" in plain
    assert "/mein-termin/" in plain
    assert "<p>Bitte rufen Sie uns an &lt;heute&gt;.</p>" in html
    assert "1 Nachricht geht hinaus" in page.text
    assert "Ohne Adresse: bitte anrufen" in page.text
    assert "Telefon, Erika: +493012345678" in " ".join(page.text.split())


def test_the_text_is_in_the_database_only_sealed_and_goes_with_the_message(box: PostBox) -> None:
    morning = Morning()

    write(morning.made, morning.online)

    (row,) = messages(morning.made, kind="note")
    assert b"krank" not in bytes(row.sealed or b"")
    assert "krank" not in str(row.facts)
    deliver_all()
    assert messages(morning.made, kind="note")[0].sealed is None
    (event,) = events(morning.made, "message.write")
    assert event.details == {"count": 1, "without": 0}
    assert event.subjects == [morning.online]


def test_sent_twice_or_at_once_it_goes_out_once(box: PostBox) -> None:
    morning = Morning()
    verb = partial(write, morning.made, morning.online, morning.phoned, key="einmal")

    results, connections = all_at_once([verb] * 4, role=Role.DESK)
    again = verb()

    assert connections == 4
    assert results == [again] * 4
    assert (again.to, again.without) == (frozenset({morning.online}), frozenset({morning.phoned}))
    assert notes(morning.made) == ["waiting"]
    assert len(events(morning.made, "message.write")) == 1
    with pytest.raises(KeyReused):
        write(morning.made, morning.online, key="einmal")


def test_a_second_message_to_the_same_patient_goes_out_too(box: PostBox) -> None:
    morning = Morning()

    write(morning.made, morning.online)
    write(morning.made, morning.online)

    assert len(notes(morning.made)) == 2


def test_who_cancelled_meanwhile_or_came_already_is_not_written_to(box: PostBox) -> None:
    morning = Morning()
    form = morning.form()
    with wearing(Role.DESK):
        cancel_appointment(morning.made.id, morning.made.actor, morning.online, version=1)

    posted = write(morning.made, *(UUID(one) for one in form.choices["termin"]))

    assert posted == Posted(frozenset(), frozenset({morning.phoned}))
    with clock.travelled(timedelta(days=2)):
        assert write(morning.made, morning.phoned) == Posted(frozenset(), frozenset())


def test_a_preview_puts_nothing_in_and_keeps_what_was_typed(box: PostBox) -> None:
    morning = Morning()

    page = morning.send(morning.online, morning.phoned, vorschau="1")

    form = page.form(with_field="text")
    assert "Nachricht zu Ihrem Termin" in page.text
    assert "1 hat keine Adresse" in page.text
    assert form.fields["key"] == "k"
    assert (
        "&amp;lt;heute&amp;gt;"
        in morning.client.post(
            HERE, {"tag": DAY, "text": TEXT, "termin": [str(morning.online)], "vorschau": "1"}
        ).content.decode()
    )
    assert notes(morning.made) == []
    assert events(morning.made, "message.write") == []


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * (LONGEST + 1), "a\0b"])
def test_a_text_that_is_none_or_too_long_is_told_at_its_field(box: PostBox, text: str) -> None:
    morning = Morning()

    page = morning.send(morning.online, text=text)

    assert page.status == 422
    assert "text" in page.errors
    assert notes(morning.made) == []


def test_nobody_chosen_is_told(box: PostBox) -> None:
    morning = Morning()

    page = morning.send()

    assert page.status == 422
    assert "Bitte wählen Sie" in page.text
    with pytest.raises(Invalid):
        write(morning.made, *(new_id() for _ in range(MOST + 1)))


def test_another_practices_appointment_is_not_written_to(box: PostBox) -> None:
    morning, other = Morning(), Morning()

    page = morning.send(other.online)

    assert "0 Nachrichten gehen hinaus" in page.text
    assert notes(other.made) == []


def test_only_those_with_the_clinicians_chosen_are_listed(box: PostBox) -> None:
    morning = Morning()
    with wearing(Role.DESK), acting_for(morning.made.id):
        (one,) = Appointment.objects.filter(practice=morning.made.id, id=morning.online)
    (other,) = [clinician for clinician in morning.made.clinicians if clinician.id not in one.resource_ids]

    page = Page(morning.client.get(HERE, {"tag": DAY, "bei": str(other.id)}))

    assert "Netz, Erika" not in page.text


def test_who_may_only_read_does_not_write(box: PostBox) -> None:
    morning = Morning()
    with wearing(Role.DESK), acting_for(morning.made.id):
        Membership.objects.filter(practice=morning.made.id).update(role=Membership.Role.READ_ONLY)
    client: Client = at_desk(morning.made)

    answer = client.post(HERE, {"tag": DAY, "text": TEXT, "termin": [str(morning.online)]})

    assert answer.status_code == 403
    assert notes(morning.made) == []


@given(st.text(max_size=1200))
def test_any_text_is_taken_or_refused(text: str) -> None:
    try:
        taken = require_text(text)
    except Invalid:
        return

    assert 0 < len(taken) <= LONGEST
    assert taken == taken.strip()
