from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.booking.hold import HOLD, hold
from sprechzeit.booking.models import Appointment, Hold, IdempotencyKey, Occupancy
from sprechzeit.booking.prune import prune
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from tests.booking.booked import book_by_phone, rows
from tests.factories import Made, in_days, make_bookable, type_id


def pruned_at(made: Made, after: timedelta) -> int:
    with clock.travelled(after), wearing(Role.WORKER):
        return prune(made.id)


def test_occupancies_go_a_day_after_their_end_and_appointments_stay() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    a_day_after = booked.ends_at + timedelta(days=1) - clock.now()

    early = pruned_at(made, a_day_after - timedelta(minutes=1))
    late = pruned_at(made, a_day_after + timedelta(minutes=1))

    assert (early, late) == (0, 1)
    assert rows(made, Occupancy) == []
    assert [one.resource_ids for one in rows(made, Appointment)] == [[made.clinicians[0].id]]


def test_holds_go_an_hour_after_they_ended_with_what_they_held() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(1, 9))

    pruned_at(made, HOLD + timedelta(minutes=59))
    kept = len(rows(made, Hold))
    pruned_at(made, HOLD + timedelta(minutes=61))

    assert kept == 1
    assert rows(made, Hold) == rows(made, Occupancy) == []


def test_used_keys_go_after_two_days() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(3, 9), key="key")

    pruned_at(made, timedelta(days=2, minutes=-1))
    kept = len(rows(made, IdempotencyKey))
    pruned_at(made, timedelta(days=2, minutes=1))

    assert (kept, rows(made, IdempotencyKey)) == (1, [])


def test_other_practices_are_left_alone() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))

    assert pruned_at(other, timedelta(days=30)) == 0
    assert len(rows(made, Occupancy)) == 1


def test_twice_does_no_harm() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))

    assert [pruned_at(made, timedelta(days=30)) for _ in range(2)] == [1, 0]
