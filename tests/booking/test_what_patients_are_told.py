"""Each change of an appointment tells its patient by mail, once, and what no longer holds is not told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_appointment, cancel_managed
from sprechzeit.booking.claims import NOTHING_SAID
from sprechzeit.booking.code_by_mail import ask_for_code, confirm_code
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.errors import CodeNeeded
from sprechzeit.booking.hold import hold
from sprechzeit.booking.manage import find_managed
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_appointment, move_managed
from sprechzeit.booking.refuse import refuse
from sprechzeit.booking.tell import KEPT_AFTER, _say_once
from sprechzeit.booking.undo import LIFETIME, last_step, undo
from sprechzeit.booking.undo_managed import undo_managed
from sprechzeit.booking.write_to_practice import correct_contact
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import NotifierAddress
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.rights.delete_own import delete_own
from sprechzeit.vault import link_from_text, link_hash, link_to_text
from tests.audit.mail_server import make_certificate
from tests.booking.booked import book_by_phone
from tests.factories import Made, at_desk, in_days, make_bookable, make_person, type_id, visitor
from tests.messages.post_box import PostBox, running
from tests.messages.posted import deliver_all, mailing_to, messages, settle_others

EMAIL = "erika@example.org"


@pytest.fixture
def box(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    settle_others()
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        yield box


def without_codes(made: Made) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(confirm_email=False)


def bookable(**fields: object) -> tuple[Made, VisitType]:
    made, visit_type = make_bookable(clinicians=2, **fields)
    without_codes(made)
    return made, visit_type


def booked(made: Made, visit_type: VisitType, hour: int = 9, email: str = EMAIL) -> Booked:
    held = hold(made.id, type_id(visit_type), in_days(1, hour))
    return confirm(made.id, held.secret, make_person(email=email, phone="" if email else "+493012345678"))


def row(made: Made, booking: Booked) -> Appointment:
    with wearing(Role.DESK), acting_for(made.id):
        return Appointment.objects.get(id=booking.appointment_id)


def told(box: PostBox) -> list[str]:
    """The subjects of what went out since the last look."""
    deliver_all()
    subjects = [str(one["Subject"]) for one in box.mails]
    box.mails.clear()
    return subjects


def told_later(box: PostBox) -> list[str]:
    with clock.travelled(LIFETIME + timedelta(seconds=1)):
        return told(box)


def kept(made: Made) -> list[NotifierAddress]:
    with wearing(Role.WORKER), acting_for(made.id):
        return list(NotifierAddress.objects.filter(practice=made.id))


BOOKED, MOVED, OFF = "Ihr Termin ist gebucht", "Ihr Termin wurde verschoben", "Ihr Termin findet nicht statt"


def test_who_books_online_gets_the_link_to_the_appointment(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)

    deliver_all()

    (mail,) = box.mails
    part = mail.get_body(("plain",))
    assert part is not None
    (secret,) = re.findall(r"/mein-termin/([^/]+)/", part.get_content())
    assert link_hash(link_from_text(secret), "manage") == link_hash(booking.manage_secret, "manage")
    assert (mail["To"], mail["Subject"]) == (EMAIL, BOOKED)
    for unsaid in ("Muster", "Erika", visit_type.name_de):
        assert unsaid not in mail.as_string()
    (address,) = kept(made)
    assert address.delete_after == row(made, booking).ends_at + KEPT_AFTER


def test_without_an_address_nothing_is_kept_or_sent(box: PostBox) -> None:
    made, visit_type = bookable()

    booked(made, visit_type, email="")

    assert (told(box), kept(made), messages(made)) == ([], [], [])


def test_the_code_and_then_the_confirmation(box: PostBox) -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))
    with pytest.raises(CodeNeeded):
        confirm(made.id, held.secret, make_person(email=EMAIL))
    ask_for_code(made.id, held.secret, make_person(email=EMAIL), claims=NOTHING_SAID)
    deliver_all()
    part = box.mails.pop().get_body(("plain",))
    assert part is not None
    (code,) = re.findall(r"^ +(\d{6})\r?$", part.get_content(), re.MULTILINE)

    booking = confirm_code(made.id, held.secret, code, claims=NOTHING_SAID)

    deliver_all()
    (mail,) = box.mails
    assert (mail["To"], mail["Subject"]) == (EMAIL, BOOKED)
    assert link_to_text(booking.manage_secret) in mail.as_string().replace("=\n", "")
    assert [one.about for one in kept(made)] == [booking.appointment_id]


def test_a_request_is_confirmed_when_the_practice_takes_it(box: PostBox) -> None:
    made, visit_type = bookable(needs_confirmation=True)
    booking = booked(made, visit_type)
    assert told(box) == ["Ihre Terminanfrage"]

    with wearing(Role.DESK):
        accept(made.keys, made.actor, booking.appointment_id)

    assert told(box) == [BOOKED]


def test_a_move_by_the_patient_is_told_at_once(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)

    move_managed(made.id, booking.manage_secret, in_days(2, 11))

    assert told(box) == [MOVED]
    assert kept(made)[0].delete_after == row(made, booking).ends_at + KEPT_AFTER


def test_a_move_at_the_desk_is_told_when_it_can_no_longer_be_undone_and_only_the_last_one(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)
    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, booking.appointment_id, in_days(2, 10), version=1)
        move_appointment(made.id, made.actor, booking.appointment_id, in_days(2, 11), version=2)

    assert told(box) == []
    assert told_later(box) == [MOVED]


def test_a_move_that_is_undone_is_not_told(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)
    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, booking.appointment_id, in_days(2, 10), version=1)
        step = last_step(made.id, made.actor)
        assert step is not None
        undo(made.id, made.actor, step.id)

    assert told_later(box) == []


def test_another_clinician_at_the_same_time_is_not_told(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)
    (present,) = row(made, booking).resource_ids
    (other,) = [one.id for one in made.clinicians if one.id != present]

    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, booking.appointment_id, in_days(1, 9), version=1, resource=other)

    assert told_later(box) == []


def test_a_cancellation_at_the_desk_is_told_once_it_can_no_longer_be_undone(box: PostBox) -> None:
    made, visit_type = bookable()
    first, second = booked(made, visit_type), booked(made, visit_type, 10)
    told(box)
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, first.appointment_id, version=1)
        cancel_appointment(made.id, made.actor, second.appointment_id, version=1)
        step = last_step(made.id, made.actor)
        assert step is not None
        undo(made.id, made.actor, step.id)

    assert told_later(box) == [OFF]


def test_a_cancellation_of_what_is_soon_is_told_at_once_and_its_undoing_too(box: PostBox) -> None:
    made, visit_type = bookable(grid_minutes=30)
    booking = booked(made, visit_type)
    told(box)
    soon = in_days(1, 9) - clock.now() - timedelta(minutes=15)

    with clock.travelled(soon), wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, booking.appointment_id, version=1)
        assert told(box) == [OFF]
        step = last_step(made.id, made.actor)
        assert step is not None
        undo(made.id, made.actor, step.id)

        assert told(box) == [BOOKED]


def test_a_patient_who_takes_the_cancellation_back_hears_of_neither(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)
    cancel_managed(made.id, booking.manage_secret)

    undo_managed(made.id, booking.manage_secret)

    assert told_later(box) == []


def test_who_cancels_before_the_confirmation_went_out_and_takes_it_back_is_told_that_it_is_booked(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    cancel_managed(made.id, booking.manage_secret)

    undo_managed(made.id, booking.manage_secret)

    assert told_later(box) == [BOOKED]


def test_a_patients_own_cancellation_is_told_after_the_time_to_take_it_back(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)

    cancel_managed(made.id, booking.manage_secret)
    cancel_managed(made.id, booking.manage_secret)

    assert told_later(box) == [OFF]


def test_a_refused_booking_is_told_with_the_way_to_its_reason(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)
    with wearing(Role.DESK):
        refuse(made.keys, made.actor, booking.appointment_id, "Bitte rufen Sie uns an.", version=1)

    deliver_all()

    (mail,) = box.mails
    part = mail.get_body(("plain",))
    assert part is not None
    assert "nicht annehmen" in part.get_content()
    assert link_to_text(booking.manage_secret) in part.get_content()
    assert "rufen Sie uns an" not in part.get_content()  # it is read on the page, behind the link
    assert find_managed(made.id, booking.manage_secret).refusal


def test_who_deletes_the_own_data_gets_no_mail_any_more(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type)
    told(box)

    delete_own(made.id, booking.manage_secret)

    assert kept(made) == []
    assert told_later(box) == []


def test_a_corrected_address_gets_the_next_mail_even_where_the_first_one_was_refused(box: PostBox) -> None:
    made, visit_type = bookable()
    booking = booked(made, visit_type, email="falsch@example.org")
    deliver_all()
    visitor().post(urlsplit(str(box.mails[0]["List-Unsubscribe"]).strip("<>")).path)

    correct_contact(made.id, booking.manage_secret, email=EMAIL, phone="")
    deliver_all()
    question = box.mails[-1].get_body(("plain",))
    assert question is not None
    found = re.search(r"/bestaetigen/\S+", question.get_content())
    assert found is not None
    visitor().post(found[0])
    move_managed(made.id, booking.manage_secret, in_days(2, 11))

    deliver_all()
    told = [(str(one["To"]), str(one["Subject"])) for one in box.mails]
    assert told[1:] == [(EMAIL, "Ist das Ihre E-Mail-Adresse?"), (EMAIL, "Ihr Termin wurde verschoben")]


def test_what_is_booked_by_phone_is_not_written_about(box: PostBox) -> None:
    made, visit_type = bookable()
    with wearing(Role.DESK):
        appointment = book_by_phone(made, visit_type, in_days(1, 9), make_person(email=EMAIL))
        cancel_appointment(made.id, made.actor, appointment.id, version=1)

    assert told_later(box) == []


def test_the_desk_sees_why_a_mail_did_not_arrive_and_who_said_that_it_is_not_theirs(box: PostBox) -> None:
    made, visit_type = bookable()
    refused, unwanted, fine = (booked(made, visit_type, hour) for hour in (9, 10, 11))
    box.answers["RCPT"] = ["550 no such mailbox"]
    deliver_all()
    visitor().post(urlsplit(str(box.mails[0]["List-Unsubscribe"]).strip("<>")).path)

    cards = [
        at_desk(made).get(f"/desk/termin/{one.appointment_id}/").content.decode() for one in (refused, unwanted, fine)
    ]

    assert "Die Adresse gibt es nicht" in cards[0]
    assert "Das ist nicht für mich" in cards[1]
    assert "nicht erreichbar" not in cards[2]


def test_a_booking_goes_through_where_there_is_no_key(box: PostBox, tmp_path: Path) -> None:
    from dataclasses import replace

    from django.conf import settings
    from django.test import override_settings

    made, visit_type = make_bookable()
    _say_once.cache_clear()
    with override_settings(ENVIRONMENT=replace(settings.ENVIRONMENT, notifier_keys=tmp_path / "none")):
        booking = booked(made, visit_type)

    assert row(made, booking).status == "booked"
    assert (kept(made), messages(made)) == ([], [])
