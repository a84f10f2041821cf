"""The second reminder on the day itself: offered by the practice, only for who asks, silenced as the first one is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.move import move_managed
from sprechzeit.booking.own_consents import give_own, withdraw_own
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.patients.consent import P
from sprechzeit.patients.person import InvalidPerson
from sprechzeit.practices.models import VisitType
from tests.audit.mail_server import make_certificate
from tests.booking.reminded import REMIND, bookable, booked, change, plan, planned
from tests.factories import Made, in_days
from tests.messages.post_box import PostBox, running
from tests.messages.posted import deliver_all, mailing_to, settle_others

AGAIN = [*REMIND, P.REMINDER_AGAIN]
HOURS = 3
REMINDER = "Erinnerung an Ihren Termin"


@pytest.fixture
def box(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    settle_others()
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        yield box


def told(box: PostBox) -> list[str]:
    deliver_all()
    subjects = [str(one["Subject"]) for one in box.mails]
    box.mails.clear()
    return subjects


def ready(box: PostBox, consents: list[P], hour: int = 14, hours: int | None = HOURS) -> tuple[Made, VisitType, Booked]:
    """One booked for the day after the day after tomorrow, whose confirmation is out; the first reminder is off."""
    made, visit_type = bookable(second_reminder_hours=hours, reminder_hours=[])
    booking = booked(made, visit_type, in_days(4, hour), consents)
    told(box)
    return made, visit_type, booking


def hours_planned(made: Made) -> list[int]:
    return [one.facts["hours"] for one in planned(made)]


def test_who_asked_for_it_is_reminded_on_the_day_itself_and_once(box: PostBox) -> None:
    made, _, _ = ready(box, AGAIN)

    with clock.travelled(in_days(4, 10, 30) - clock.now()):
        assert (plan(made), plan(made), told(box)) == (1, 0, [])
    with clock.travelled(in_days(4, 11, 1) - clock.now()):
        assert (told(box), plan(made)) == ([REMINDER], 0)


def test_who_did_not_ask_is_not(box: PostBox) -> None:
    made, _, _ = ready(box, REMIND)

    with clock.travelled(in_days(4, 11, 1) - clock.now()):
        assert plan(made) == 0


def test_where_it_is_not_offered_any_more_nobody_is(box: PostBox) -> None:
    made, _, _ = ready(box, AGAIN, hours=None)

    with clock.travelled(in_days(4, 11, 1) - clock.now()):
        assert plan(made) == 0


def test_it_comes_besides_the_first_one_and_not_instead(box: PostBox) -> None:
    made, _, _ = ready(box, AGAIN)
    change(made, VisitType, reminder_hours=[4])

    with clock.travelled(in_days(4, 10, 20) - clock.now()):
        assert plan(made) == 2
        assert sorted(hours_planned(made)) == [3, 4]
        assert told(box) == [REMINDER]


def test_at_the_hour_of_the_first_one_there_is_one_and_not_two(box: PostBox) -> None:
    made, _, _ = ready(box, AGAIN)
    change(made, VisitType, reminder_hours=[HOURS])

    with clock.travelled(in_days(4, 11, 1) - clock.now()):
        assert (plan(made), told(box)) == (1, [REMINDER])


def test_it_is_the_records_wish_once_the_booking_was_taken_over(box: PostBox) -> None:
    made, _, booking = ready(box, AGAIN)
    with wearing(Role.DESK):
        accept(made.keys, made.actor, booking.appointment_id)

    with clock.travelled(in_days(4, 11, 1) - clock.now()):
        assert (plan(made), told(box)) == (1, [REMINDER])


@pytest.mark.parametrize("purpose", [P.REMINDER_AGAIN, P.REMINDER_EMAIL])
def test_taken_back_when_it_waits_already_it_does_not_go_out(box: PostBox, purpose: P) -> None:
    made, _, booking = ready(box, AGAIN)

    with clock.travelled(in_days(4, 10, 30) - clock.now()):
        assert plan(made) == 1
        withdraw_own(made.id, booking.manage_secret, purpose)
    with clock.travelled(in_days(4, 11, 1) - clock.now()):
        assert told(box) == []


def test_asked_for_by_the_link_it_comes(box: PostBox) -> None:
    made, _, booking = ready(box, REMIND)

    give_own(made.id, booking.manage_secret, P.REMINDER_AGAIN)

    with clock.travelled(in_days(4, 11, 1) - clock.now()):
        assert (plan(made), told(box)) == (1, [REMINDER])


def test_moved_it_is_silenced_and_planned_for_the_new_time(box: PostBox) -> None:
    made, _, booking = ready(box, AGAIN)
    later = in_days(4, 15)

    with clock.travelled(in_days(4, 10, 30) - clock.now()):
        assert plan(made) == 1
        move_managed(made.id, booking.manage_secret, later)
        assert [one.state for one in planned(made)] == ["stopped"]
        told(box)
    with clock.travelled(in_days(4, 12, 1) - clock.now()):
        assert (plan(made), told(box)) == (1, [REMINDER])


def test_what_would_fall_into_the_night_comes_the_evening_before(box: PostBox) -> None:
    made, visit_type = bookable(second_reminder_hours=HOURS, reminder_hours=[], hours=(8, 16))
    booked(made, visit_type, in_days(4, 8), AGAIN)
    told(box)

    with clock.travelled(in_days(3, 20, 31) - clock.now()):  # half an hour before the quiet hours begin
        assert (plan(made), told(box)) == (1, [REMINDER])
    with clock.travelled(in_days(4, 5, 1) - clock.now()):
        assert (plan(made), told(box)) == (0, [])


def test_asked_for_without_a_way_it_is_told_and_nothing_is_booked() -> None:
    made, visit_type = bookable(second_reminder_hours=HOURS)

    with pytest.raises(InvalidPerson) as refused:
        booked(made, visit_type, in_days(1, 14), [P.REMINDER_AGAIN])

    assert list(refused.value.errors) == ["reminder-again"]
