"""A new address sent by the manage link: asked first, and the one before stays in use and hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.db import ProgrammingError

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.move import move_managed
from sprechzeit.booking.settle_note import take_over_contact
from sprechzeit.booking.tasks import nightly
from sprechzeit.booking.write_to_practice import correct_contact
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import NotifierAddress
from sprechzeit.patients.models import AddressConfirmation
from sprechzeit.practices.models import VisitType
from sprechzeit.rights.delete_own import delete_own
from tests.audit.mail_server import make_certificate
from tests.booking.booked import book_by_phone, events, rows
from tests.booking.reminded import EMAIL, bookable, booked, plan
from tests.factories import Made, in_days, visitor
from tests.messages.mailbox import to_whom
from tests.messages.post_box import PostBox, running
from tests.messages.posted import deliver_all, mailing_to, settle_others

NEW = "neu@example.org"
ASKED, WARNED = "Ist das Ihre E-Mail-Adresse?", "Neue Kontaktdaten zu Ihrem Termin"
MOVED, REMINDER = "Ihr Termin wurde verschoben", "Erinnerung an Ihren Termin"


@pytest.fixture
def box(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    settle_others()
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        yield box


def told(box: PostBox) -> list[tuple[str, str]]:
    """To whom and what went out since the last look, in no order that counts."""
    deliver_all()
    found = sorted((str(one["To"]), str(one["Subject"])) for one in box.mails)
    box.mails.clear()
    return found


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link(box: PostBox, way: str = "bestaetigen", to: str = NEW) -> str:
    """The path of the newest such link that was mailed there; the mails stay in the box."""
    deliver_all()
    found = re.findall(rf"https?://[^/\s]+(/{way}/\S+/)", text([one for one in box.mails if one["To"] == to][-1]))
    return str(found[-1])


def changed(box: PostBox, day: int = 4) -> tuple[Made, VisitType, Booked]:
    """Booked online, the confirmation is out; then somebody with the link sends another address."""
    made, visit_type = bookable()
    booking = booked(made, visit_type, in_days(day, 10))
    told(box)
    correct_contact(made.id, booking.manage_secret, email=NEW, phone="")
    return made, visit_type, booking


def test_the_new_address_gets_a_question_and_the_one_before_a_warning_and_nothing_else_goes_out(box: PostBox) -> None:
    changed(box)

    assert told(box) == [(EMAIL, WARNED), (NEW, ASKED)]


def test_until_it_is_confirmed_everything_goes_to_the_one_before(box: PostBox) -> None:
    made, _, booking = changed(box)
    told(box)

    move_managed(made.id, booking.manage_secret, in_days(4, 11))
    assert told(box) == [(EMAIL, MOVED)]
    with clock.travelled(in_days(2, 11, 1) - clock.now()):
        assert (plan(made), told(box)) == (1, [(EMAIL, REMINDER)])


def test_once_confirmed_it_takes_the_place_of_the_one_before(box: PostBox) -> None:
    made, _, booking = changed(box)
    page = link(box)

    assert visitor().get(page).status_code == 200
    assert sorted(one.to for one in to_whom(made)) == [EMAIL, NEW]  # a mail filter that opens links confirms nothing
    visitor().post(page)
    visitor().post(page)
    box.mails.clear()

    assert [one.to for one in to_whom(made)] == [NEW]
    with clock.travelled(in_days(2, 10, 1) - clock.now()):
        assert (plan(made), told(box)) == (1, [(NEW, REMINDER)])
    assert [one.subjects for one in events(made, "address.confirm")] == [[booking.appointment_id]]


def test_neither_mail_tells_more_than_it_has_to(box: PostBox) -> None:
    changed(box)
    deliver_all()

    (warning,) = [one for one in box.mails if one["To"] == EMAIL]
    (question,) = [one for one in box.mails if one["To"] == NEW]
    for mail in (warning, question):
        for unwanted in ("Muster", "Sprechstunde", "mein-termin"):
            assert unwanted not in mail.as_string() + text(mail)
    assert NEW not in warning.as_string() + text(warning)
    assert EMAIL not in question.as_string() + text(question)


def test_who_is_asked_and_says_not_for_me_changes_nothing_for_the_one_before(box: PostBox) -> None:
    made, _, booking = changed(box)
    yes, no = link(box), link(box, "nicht-fuer-mich")
    box.mails.clear()

    visitor().post(no)
    visitor().post(yes)  # too late

    assert [one.to for one in to_whom(made)] == [EMAIL]
    move_managed(made.id, booking.manage_secret, in_days(4, 11))
    assert told(box) == [(EMAIL, MOVED)]


def test_the_one_before_that_says_not_for_me_stays_silent_and_the_new_one_may_be_confirmed(box: PostBox) -> None:
    made, _, booking = changed(box)
    yes, no = link(box), link(box, "nicht-fuer-mich", EMAIL)
    box.mails.clear()

    visitor().post(no)
    move_managed(made.id, booking.manage_secret, in_days(4, 11))
    assert told(box) == []
    visitor().post(yes)
    move_managed(made.id, booking.manage_secret, in_days(4, 12))

    assert told(box) == [(NEW, MOVED)]


def test_a_second_new_address_ends_the_first_question(box: PostBox) -> None:
    made, _, booking = changed(box)
    first = link(box)
    box.mails.clear()

    correct_contact(made.id, booking.manage_secret, email="noch-neuer@example.org", phone="")
    visitor().post(first)

    assert told(box) == [(EMAIL, WARNED), ("noch-neuer@example.org", ASKED)]
    assert sorted(one.to for one in to_whom(made)) == [EMAIL, "noch-neuer@example.org"]


def test_a_question_that_still_waits_is_not_sent_to_the_address_after_it(box: PostBox) -> None:
    made, _, booking = changed(box)

    correct_contact(made.id, booking.manage_secret, email="noch-neuer@example.org", phone="")

    assert told(box) == [(EMAIL, WARNED), (EMAIL, WARNED), ("noch-neuer@example.org", ASKED)]


def test_nobody_answers_for_seven_days_and_the_new_address_goes(box: PostBox) -> None:
    made, _, _ = changed(box, day=5)
    page = link(box)

    with clock.travelled(timedelta(days=7, minutes=1)):
        visitor().post(page)
        with wearing(Role.WORKER):
            nightly(0)

    assert NEW not in [one.to for one in to_whom(made)]


def test_the_night_leaves_one_that_may_still_be_confirmed(box: PostBox) -> None:
    made, _, _ = changed(box)

    with clock.travelled(timedelta(days=1)):
        nightly(0)

    assert sorted(one.to for one in to_whom(made)) == [EMAIL, NEW]


def test_who_deletes_the_own_data_leaves_no_address_that_waits(box: PostBox) -> None:
    made, _, booking = changed(box)

    delete_own(made.id, booking.manage_secret)

    assert to_whom(made) == []
    assert told(box) == [(EMAIL, WARNED)] or told(box) == []


def test_the_desk_that_takes_it_over_does_not_make_it_confirmed(box: PostBox) -> None:
    made, _, booking = changed(box)
    with wearing(Role.DESK):
        from sprechzeit.booking.models import PatientNote

        take_over_contact(made.keys, made.actor, rows(made, PatientNote)[0].id)
        accept(made.keys, made.actor, booking.appointment_id)

    assert rows(made, AddressConfirmation) == []


def test_a_record_made_after_it_was_confirmed_has_a_confirmed_address(box: PostBox) -> None:
    made, _, booking = changed(box)
    visitor().post(link(box))
    with wearing(Role.DESK):
        accept(made.keys, made.actor, booking.appointment_id)

    assert [one.confirmed_at is not None for one in rows(made, AddressConfirmation)] == [True]


def test_the_patients_side_can_read_neither_address(box: PostBox) -> None:
    made, _, _ = changed(box)

    with wearing(Role.FRONT), pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):
        list(NotifierAddress.objects.filter(practice=made.id).values_list("sealed"))


def test_a_link_of_another_practice_confirms_nothing(box: PostBox) -> None:
    made, _, _ = changed(box)
    other, visit_type = bookable()
    book_by_phone(other, visit_type, in_days(4, 10))

    visitor().post(link(box).replace(f"/{made.id}/", f"/{other.id}/"))

    assert sorted(one.to for one in to_whom(made)) == [EMAIL, NEW]
