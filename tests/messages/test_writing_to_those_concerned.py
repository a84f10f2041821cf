"""Patients whom an incident reached get a mail, where a confirmed address is kept for an appointment to come."""

from __future__ import annotations

from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.card import card_of
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.incident.texts import Texts
from sprechzeit.practices.models import Practice
from tests.booking.booked import book_by_phone, events
from tests.factories import Made, at_desk, in_days, make_person
from tests.incident.registered import FULL, enter
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, messages
from tests.messages.test_what_a_mail_says import text_of
from tests.messages.told import booked, mailing

CONTACT = "Dr. Vera Schutz, schutz@example.org"


def seen_by_somebody(texts: Texts = FULL) -> tuple[Made, UUID]:
    """One booked online, one by phone without an address; both were looked at. A third one was not."""
    made, visit_type = mailing()
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(privacy_contact=CONTACT)
    online = booked(made, visit_type, 9, last_name="Netz", email="netz@example.org").appointment_id
    booked(made, visit_type, 11, last_name="Verschont", email="verschont@example.org")
    phoned = book_by_phone(made, visit_type, in_days(1, 10), make_person(last_name="Telefon", email=""))
    deliver_all()
    begun = clock.now()
    with wearing(Role.DESK):
        card_of(made.keys, made.actor, online)
        assert phoned.patient_id
        patient_card(made.keys, made.actor, phoned.patient_id)
    return made, enter(made, begun, texts=texts)


def send(made: Made, incident: UUID, key: str = "einmal") -> str:
    answer = at_desk(made).post(f"/desk/vorfaelle/{incident}/mails/", {"key": key})
    return answer.headers.get("Location", str(answer.status_code))


def test_exactly_those_concerned_who_can_be_reached_get_exactly_one(box: PostBox) -> None:
    made, incident = seen_by_somebody()
    box.mails.clear()
    page = at_desk(made).get(f"/desk/vorfaelle/{incident}/").content.decode()
    assert "1 Person hat einen Termin vor sich und eine bestätigte Adresse" in page

    first, second = send(made, incident), send(made, incident)
    deliver_all()

    assert first == second == f"/desk/vorfaelle/{incident}/?geschickt=1&ohne=1"
    (mail,) = box.mails
    assert mail["To"] == "netz@example.org"
    plain = text_of(mail, "plain").replace("\r", "")
    for part in (FULL.facts, FULL.effects, FULL.measures, CONTACT, "Was können Sie tun?"):
        assert part in plain
    (event,) = events(made, "incident.write")
    assert (event.details["count"], event.details["without"], len(event.subjects)) == (1, 1, 1)


def test_what_was_written_is_in_the_database_only_sealed(box: PostBox) -> None:
    made, incident = seen_by_somebody()

    send(made, incident)

    (row,) = messages(made, kind="note")
    assert b"Passkey" not in bytes(row.sealed or b"")
    assert "Passkey" not in str(row.facts)


@pytest.mark.parametrize("texts", [Texts(), Texts(facts="Nur das.")])
def test_nothing_goes_out_before_the_measures_are_written(box: PostBox, texts: Texts) -> None:
    made, incident = seen_by_somebody(texts)

    assert send(made, incident) == "422"
    assert messages(made, kind="note") == []
