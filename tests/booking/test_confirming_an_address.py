"""An address typed at the desk: its owner is asked first, and until then hears nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import ProgrammingError

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.address import ask_for_address
from sprechzeit.booking.card import card_of
from sprechzeit.booking.errors import AddressNotAsked
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.tasks import nightly
from sprechzeit.booking.undo import LIFETIME
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.post import post_to_kept
from sprechzeit.patients.consent import WORDINGS, P, Whose, give
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Consent
from sprechzeit.practices.models import VisitType
from tests.audit.mail_server import make_certificate
from tests.booking.booked import book_by_phone, events
from tests.booking.reminded import EMAIL, bookable, booked, plan
from tests.factories import Made, at_desk, in_days, make_person, visitor
from tests.messages.post_box import PostBox, running
from tests.messages.posted import deliver_all, mailing_to, settle_others

ASKED, BOOKED, MOVED = "Ist das Ihre E-Mail-Adresse?", "Ihr Termin ist gebucht", "Ihr Termin wurde verschoben"
REMINDER = "Erinnerung an Ihren Termin"
LINK = re.compile(r"https?://[^/\s]+(/bestaetigen/\S+/)")
STOP = re.compile(r"https?://[^/\s]+(/nicht-fuer-mich/\S+/)")


@pytest.fixture
def box(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    settle_others()
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        yield box


def patient(made: Made, *purposes: P, email: str = EMAIL) -> UUID:
    with wearing(Role.DESK), acting_for(made.id):
        known = create_patient(made.keys, made.actor, make_person(email=email))
        for purpose in purposes:
            source = Consent.Source.DESK
            give(made.id, made.actor, Whose(patient=known), purpose, str(WORDINGS[purpose]), source)
    return known


def phoned(day: int = 4) -> tuple[Made, VisitType, UUID, Appointment]:
    """Somebody who wants reminders by mail, with an appointment made by phone."""
    made, visit_type = bookable()
    known = patient(made, P.REMINDER_EMAIL)
    return made, visit_type, known, book_by_phone(made, visit_type, in_days(day, 10), known)


def told(box: PostBox) -> list[str]:
    deliver_all()
    subjects = [str(one["Subject"]) for one in box.mails]
    box.mails.clear()
    return subjects


def link(box: PostBox, which: re.Pattern[str] = LINK) -> str:
    """In the only mail that went out."""
    deliver_all()
    (mail,) = box.mails
    box.mails.clear()
    part = mail.get_body(("plain",))
    assert part is not None
    found = which.search(str(part.get_content()))
    assert found is not None
    return found[1]


def words(made: Made, appointment: Appointment) -> str:
    with wearing(Role.DESK):
        return card_of(made.keys, made.actor, appointment.id).address.words


def until(moment: datetime) -> timedelta:
    return moment - clock.now()


def test_who_is_booked_at_the_desk_is_asked_first_and_the_mail_names_the_practice_only(box: PostBox) -> None:
    made, _, _, appointment = phoned()

    deliver_all()

    (mail,) = box.mails
    text = str(mail.get_body(("plain",)))
    assert (mail["Subject"], mail["To"]) == (ASKED, EMAIL)
    assert "/bestaetigen/" in text
    for unwanted in ("mein-termin", "10:00", f"{in_days(4):%Y}", "Erika", "Sprechstunde"):
        assert unwanted not in text
    assert words(made, appointment) == "Adresse noch nicht bestätigt"
    assert len(events(made, "address.ask")) == 1


def test_until_then_nothing_else_goes_there(box: PostBox) -> None:
    made, _, _, appointment = phoned()
    assert told(box) == [ASKED]

    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, appointment.id, in_days(4, 11), version=1)
        with acting_for(made.id):
            assert not post_to_kept(made.id, appointment.id, Message.Kind.CONFIRMATION, once="x")

    with clock.travelled(until(in_days(2, 11, 1))):
        assert plan(made) == 0
        assert told(box) == []


def test_what_was_put_in_by_mistake_does_not_leave(box: PostBox) -> None:
    made, _, _, appointment = phoned()
    told(box)
    with wearing(Role.DESK), acting_for(made.id):
        kept = NotifierAddress.objects.filter(practice=made.id, about=appointment.id)
        kept.update(unconfirmed=False)
        post_to_kept(made.id, appointment.id, Message.Kind.CHANGE, once="x")
        kept.update(unconfirmed=True)

    assert told(box) == []


def test_confirmed_it_hears_of_all_that_is_to_come_and_is_reminded(box: PostBox) -> None:
    made, visit_type, known, appointment = phoned()
    path = link(box)
    book_by_phone(made, visit_type, in_days(5, 9), known)
    assert told(box) == []  # asked once is enough
    assert visitor().get(path).status_code == 200
    assert told(box) == []  # a mail filter opened the link

    answer = visitor().post(path)

    assert answer.status_code == 200
    assert told(box) == [BOOKED, BOOKED]
    assert words(made, appointment) == "Adresse bestätigt"
    with clock.travelled(until(in_days(2, 10, 1))):
        assert (plan(made), told(box)) == (1, [REMINDER])
    visitor().post(path)
    assert told(box) == []


def test_the_mail_after_it_leads_to_the_appointment(box: PostBox) -> None:
    phoned()
    visitor().post(link(box))

    page = visitor().get(link(box, re.compile(r"https?://[^/\s]+(/praxis/\S+/mein-termin/\S+/)")))

    assert page.status_code == 200


def test_who_has_confirmed_is_not_asked_again_and_is_told_when_it_cannot_be_undone_any_more(box: PostBox) -> None:
    made, visit_type, known, _ = phoned()
    visitor().post(link(box))
    told(box)

    book_by_phone(made, visit_type, in_days(5, 9), known)

    assert told(box) == []
    with clock.travelled(LIFETIME):
        assert told(box) == [BOOKED]


def test_who_says_that_it_is_not_for_them_is_never_asked_again(box: PostBox) -> None:
    made, visit_type, known, appointment = phoned()
    visitor().post(link(box, STOP))

    book_by_phone(made, visit_type, in_days(5, 9), known)

    assert told(box) == []
    assert words(made, appointment) == "Adresse abgelehnt"
    with wearing(Role.DESK), pytest.raises(AddressNotAsked):
        ask_for_address(made.keys, made.actor, appointment.id)


def test_every_link_is_answered_the_same_and_a_wrong_one_confirms_nothing(box: PostBox) -> None:
    made, _, _, appointment = phoned()
    path = link(box)
    wrong = re.sub(r"/[^/]+/$", "/AAAAAAAAAAAAAAAAAAAAAA/", path)
    nowhere = path.replace(f"/{made.id}/", "/999999/")

    def answer(to: str) -> str:
        """Without the address of the page itself, to which its languages lead."""
        return visitor().post(to).content.decode().replace(to, "")

    answers = {answer(one) for one in (wrong, nowhere, path.rstrip("/")[:-3] + "/")}

    assert len(answers) == 1
    assert words(made, appointment) == "Adresse noch nicht bestätigt"
    assert answer(path) in answers


def test_another_address_in_the_record_has_to_be_confirmed_anew(box: PostBox) -> None:
    made, visit_type, known, _ = phoned()
    first = link(box)
    with wearing(Role.DESK):
        correct_patient(made.keys, made.actor, known, make_person(email="neu@example.org"), version=1)

    visitor().post(first)
    assert told(box) == []
    book_by_phone(made, visit_type, in_days(5, 9), known)
    deliver_all()
    assert [(one["To"], one["Subject"]) for one in box.mails] == [("neu@example.org", ASKED)]
    visitor().post(link(box))
    deliver_all()
    assert [one["To"] for one in box.mails] == ["neu@example.org"]  # nothing to the old one


def test_the_desk_may_ask_three_times(box: PostBox) -> None:
    made, _, _, appointment = phoned()
    first = link(box)
    for _ in range(2):
        answer = at_desk(made).post(f"/desk/termin/{appointment.id}/adresse/")
        assert answer.status_code == 200
        last = link(box)

    assert "Noch einmal fragen" not in answer.content.decode()
    assert at_desk(made).post(f"/desk/termin/{appointment.id}/adresse/").status_code == 409
    visitor().post(first)
    assert words(made, appointment) == "Adresse noch nicht bestätigt"  # only the last link counts
    visitor().post(last)
    assert words(made, appointment) == "Adresse bestätigt"


def test_who_does_not_answer_for_seven_days_is_forgotten(box: PostBox) -> None:
    made, _, _, appointment = phoned()
    path = link(box)

    with clock.travelled(timedelta(days=7, minutes=5)), wearing(Role.WORKER):
        nightly.func(0)
        with acting_for(made.id):
            assert not NotifierAddress.objects.filter(practice=made.id).exists()
        visitor().post(path)

    assert words(made, appointment) == "Adresse noch nicht bestätigt"


@pytest.mark.parametrize(("purposes", "email"), [((), EMAIL), ((P.RECALL,), EMAIL)])
def test_without_consent_nobody_is_asked(box: PostBox, purposes: tuple[P, ...], email: str) -> None:
    made, visit_type = bookable()

    book_by_phone(made, visit_type, in_days(4, 10), patient(made, *purposes, email=email))

    assert told(box) == []


def test_who_agrees_after_the_booking_can_be_asked_then(box: PostBox) -> None:
    made, visit_type = bookable()
    known = patient(made)
    appointment = book_by_phone(made, visit_type, in_days(4, 10), known)
    with wearing(Role.DESK):
        give(made.id, made.actor, Whose(patient=known), P.REMINDER_EMAIL, "x", Consent.Source.DESK)

    page = at_desk(made).get(f"/desk/termin/{appointment.id}/").content.decode()
    at_desk(made).post(f"/desk/termin/{appointment.id}/adresse/")

    assert "Um Bestätigung bitten" in page
    assert told(box) == [ASKED]


def test_who_booked_online_has_confirmed_the_address(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type, in_days(4, 10))
    with wearing(Role.DESK):
        known = accept(made.keys, made.actor, booking.appointment_id)
    told(box)

    book_by_phone(made, visit_type, in_days(5, 9), known)

    with clock.travelled(LIFETIME):
        assert told(box) == [BOOKED]


@pytest.mark.parametrize("role", [Role.DESK, Role.FRONT])
def test_no_page_can_read_the_address_again(box: PostBox, role: Role) -> None:
    made, *_ = phoned()

    with wearing(role), pytest.raises(ProgrammingError), acting_for(made.id):
        list(NotifierAddress.objects.filter(practice=made.id).values_list("sealed"))
