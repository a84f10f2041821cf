"""Reminders and follow-ups: to whom, when, once, and not at all when something has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_managed
from sprechzeit.booking.not_for_me import not_for_me
from sprechzeit.booking.own_consents import withdraw_own
from sprechzeit.booking.tasks import nightly, reminders
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import NotifierAddress
from sprechzeit.patients.models import Consent
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import link_from_text
from tests.audit.mail_server import make_certificate
from tests.booking.reminded import EMAIL, bookable, booked, change, plan, planned
from tests.factories import Made, in_days
from tests.messages.mailbox import to_whom
from tests.messages.post_box import PostBox, running
from tests.messages.posted import deliver_all, mailing_to, settle_others

REMINDER = "Erinnerung an Ihren Termin"


@pytest.fixture
def box(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    settle_others()
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        yield box


def until(moment: datetime) -> timedelta:
    return moment - clock.now()


def told(box: PostBox) -> list[str]:
    deliver_all()
    subjects = [str(one["Subject"]) for one in box.mails]
    box.mails.clear()
    return subjects


def ready(box: PostBox, hour: int = 10, **fields: object) -> tuple[Made, VisitType, Booked]:
    """One booked for three days ahead, whose confirmation is out."""
    made, visit_type = bookable(**fields)
    booking = booked(made, visit_type, in_days(4, hour))
    told(box)
    return made, visit_type, booking


def set_status(made: Made, booking: Booked, status: str) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.filter(id=booking.appointment_id).update(status=status)


def test_a_reminder_is_planned_within_the_hour_goes_out_when_it_is_due_and_once(box: PostBox) -> None:
    made, _, _ = ready(box)

    with clock.travelled(until(in_days(2, 8, 50))):
        assert plan(made) == 0
    with clock.travelled(until(in_days(2, 9, 10))):
        assert (plan(made), plan(made)) == (1, 0)
        assert told(box) == []
    with clock.travelled(until(in_days(2, 10, 1))):
        assert told(box) == [REMINDER]
        assert (plan(made), told(box)) == (0, [])


def test_it_goes_to_the_address_in_its_language_and_names_nobody(box: PostBox) -> None:
    made, _, _ = ready(box)

    with clock.travelled(until(in_days(2, 10, 1))):
        plan(made)
        deliver_all()

    (mail,) = box.mails
    assert mail["To"] == EMAIL
    (row,) = planned(made)
    assert row.facts == {
        "starts_at": f"{in_days(4, 10):%Y-%m-%dT%H:%M:%S}.000000+00:00",
        "ends_at": f"{in_days(4, 10) + timedelta(minutes=30):%Y-%m-%dT%H:%M:%S}.000000+00:00",
        "sequence": 0,
        "hours": 48,
    }


def test_each_of_several_times_reminds(box: PostBox) -> None:
    made, _, _ = ready(box)
    change(made, VisitType, reminder_hours=[48, 3])

    with clock.travelled(until(in_days(2, 10, 1))):
        assert (plan(made), told(box)) == (1, [REMINDER])
    with clock.travelled(until(in_days(4, 7, 1))):
        assert (plan(made), told(box)) == (1, [REMINDER])


def test_without_consent_nobody_is_reminded(box: PostBox) -> None:
    made, visit_type = bookable()
    booked(made, visit_type, in_days(4, 10), consents=[])
    booked(made, visit_type, in_days(4, 11), consents=[Consent.Purpose.RECALL])

    with clock.travelled(until(in_days(2, 10, 30))):
        assert plan(made) == 0


def test_the_consent_is_the_records_once_the_booking_was_taken_over(box: PostBox) -> None:
    made, _, booking = ready(box)
    with wearing(Role.DESK):
        accept(made.keys, made.actor, booking.appointment_id)

    with clock.travelled(until(in_days(2, 10, 1))):
        assert (plan(made), told(box)) == (1, [REMINDER])


def test_what_was_booked_after_a_reminder_was_due_gets_none(box: PostBox) -> None:
    made, visit_type = bookable()
    booked(made, visit_type, in_days(1, 15))

    assert plan(made) == 0


def test_a_request_that_the_practice_has_not_confirmed_is_not_reminded_of(box: PostBox) -> None:
    made, _, _ = ready(box, needs_confirmation=True)

    with clock.travelled(until(in_days(2, 10, 1))):
        assert plan(made) == 0


def test_one_that_no_worker_planned_in_time_goes_late_but_not_too_late(box: PostBox) -> None:
    made, _, _ = ready(box)

    with clock.travelled(until(in_days(2, 22, 30))):
        assert plan(made) == 0  # twelve hours and more late
    with clock.travelled(until(in_days(2, 20))):
        assert (plan(made), told(box)) == (1, [REMINDER])


def test_never_after_the_start(box: PostBox) -> None:
    made, _, _ = ready(box)
    change(made, VisitType, reminder_hours=[1])

    with clock.travelled(until(in_days(4, 10))):
        assert plan(made) == 0


@pytest.mark.parametrize("how", ["moved", "cancelled", "withdrawn", "no-show", "rule", "not for me", "behind"])
def test_what_changes_after_it_was_planned_silences_it(box: PostBox, how: str) -> None:
    made, _, booking = ready(box)
    with clock.travelled(until(in_days(2, 9, 30))):
        assert plan(made) == 1

    secret = booking.manage_secret
    match how:
        case "moved":
            move_managed(made.id, secret, in_days(5, 9))
        case "cancelled":
            cancel_managed(made.id, secret)
        case "withdrawn":
            withdraw_own(made.id, secret, Consent.Purpose.REMINDER_EMAIL)
        case "no-show":
            set_status(made, booking, "no-show")
        case "rule":
            change(made, VisitType, reminder_hours=[24])
        case "not for me":
            (letter,) = to_whom(made)
            not_for_me(made.id, link_from_text(letter.stop))
        case "behind":  # by whoever forgets to say so
            with wearing(Role.DESK), acting_for(made.id):
                Appointment.objects.filter(id=booking.appointment_id).update(starts_at=in_days(4, 9, 30))

    with clock.travelled(until(in_days(2, 10, 1))):
        assert REMINDER not in told(box)
        assert {one.state for one in planned(made)} == {"stopped"}


def test_a_moved_appointment_gets_a_new_one(box: PostBox) -> None:
    made, _, booking = ready(box)
    with clock.travelled(until(in_days(2, 10, 1))):
        assert (plan(made), told(box)) == (1, [REMINDER])

    move_managed(made.id, booking.manage_secret, in_days(5, 9))

    with clock.travelled(until(in_days(3, 9, 1))):
        assert plan(made) == 1
        assert REMINDER in told(box)


def test_at_night_it_waits_for_the_morning_or_goes_the_evening_before(box: PostBox) -> None:
    made, visit_type = bookable(hours=(6, 12))
    change(made, VisitType, reminder_hours=[3])
    booked(made, visit_type, in_days(3, 9, 30))
    booked(made, visit_type, in_days(3, 8))
    told(box)

    with clock.travelled(until(in_days(2, 20, 10))):
        assert plan(made) == 1
    with clock.travelled(until(in_days(3, 6, 10))):
        assert plan(made) == 1
    first, second = planned(made)
    assert first.due_at == in_days(2, 20, 30)
    assert second.due_at == in_days(3, 7)


def test_one_that_a_broken_mail_server_held_back_does_not_go_at_night(box: PostBox) -> None:
    made, _, _ = ready(box, 15)
    change(made, Practice, quiet_from=time(16))
    with clock.travelled(until(in_days(2, 14, 30))):
        plan(made)

    with clock.travelled(until(in_days(2, 16, 10))):
        assert told(box) == []
    with clock.travelled(until(in_days(3, 7, 0) + timedelta(seconds=1))):
        assert told(box) == [REMINDER]


def test_who_came_reads_the_practices_text_some_hours_later(box: PostBox) -> None:
    made, visit_type = bookable()
    change(made, VisitType, follow_up_hours=26, follow_up_de="Bitte viel trinken & ruhen.")
    booking, _absent = booked(made, visit_type, in_days(4, 10)), booked(made, visit_type, in_days(4, 11))
    told(box)
    set_status(made, booking, "done")

    with clock.travelled(until(in_days(5, 12, 31))):
        with wearing(Role.WORKER):
            nightly.func(0)  # the address is still there
        assert plan(made) == 1
        deliver_all()

    (mail,) = [one for one in box.mails if one["To"] == "erika@example.org"]  # others have owners' mails
    assert mail["Subject"] == "Nach Ihrem Termin"
    assert "Bitte viel trinken & ruhen." in str(mail.get_body(("plain",)))
    with wearing(Role.WORKER), clock.travelled(until(in_days(7, 12))):
        nightly.func(0)
        with acting_for(made.id):
            assert not NotifierAddress.objects.filter(practice=made.id, about=booking.appointment_id).exists()


def test_the_job_plans_for_every_practice(box: PostBox) -> None:
    ours, theirs = ready(box)[0], ready(box)[0]

    with clock.travelled(until(in_days(2, 10, 1))):
        reminders.func(0)

        assert [len(planned(one)) for one in (ours, theirs)] == [1, 1]
