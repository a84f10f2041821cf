"""A patient takes the own cancellation back: for ten minutes, while the time is still free."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment, cancel_managed
from sprechzeit.booking.errors import SlotTaken, UndoGone
from sprechzeit.booking.manage import State, find_managed
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.undo_managed import undo_managed
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import book, in_days, make_bookable, make_visit_type, open_up


def test_it_stands_again_where_it_was_with_its_lane() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)

    back = undo_managed(made.id, booked.manage_secret)

    (row,) = rows(made, Appointment)
    assert (back.state, row.status, row.given_up_at, row.version) == (State.CHANGEABLE, "booked", None, 3)
    assert [one.appointment_id for one in rows(made, Occupancy)] == [booked.appointment_id]
    assert [one.actor_kind for one in events(made, "appointment.undo")] == ["patient"]


def test_sent_twice_it_changes_nothing_more() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)

    undo_managed(made.id, booked.manage_secret, key="k")
    undo_managed(made.id, booked.manage_secret, key="k")
    undo_managed(made.id, booked.manage_secret)

    assert rows(made, Appointment)[0].version == 3
    assert len(events(made, "appointment.undo")) == 1


@pytest.mark.parametrize(("seconds", "possible"), [(590, True), (600, False)])
def test_ten_minutes_and_no_longer(seconds: int, possible: bool) -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)

    with clock.travelled(timedelta(seconds=seconds)):
        state = find_managed(made.id, booked.manage_secret).state
        if possible:
            undo_managed(made.id, booked.manage_secret)
        else:
            with pytest.raises(UndoGone):
                undo_managed(made.id, booked.manage_secret)

    assert state == (State.CANCELLED if possible else State.GONE)


def test_never_once_it_would_have_begun() -> None:
    made, visit_type = make_bookable(change_until_minutes=0)
    booked = book(made, visit_type, in_days(1, 9))
    to_start = in_days(1, 9) - clock.now()
    with clock.travelled(to_start - timedelta(minutes=2)):
        cancel_managed(made.id, booked.manage_secret)

    with clock.travelled(to_start), pytest.raises(UndoGone):
        undo_managed(made.id, booked.manage_secret)


def test_what_the_practice_cancelled_stays_cancelled() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, booked.appointment_id, version=1)

    with pytest.raises(UndoGone):
        undo_managed(made.id, booked.manage_secret)

    assert rows(made, Appointment)[0].status == "cancelled"


def test_when_somebody_else_has_the_time_the_nearest_others_are_told_and_one_can_be_taken() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)
    book_by_phone(made, visit_type, in_days(1, 9))

    with pytest.raises(SlotTaken) as taken:
        undo_managed(made.id, booked.manage_secret)
    (first, *_) = taken.value.alternatives
    back = undo_managed(made.id, booked.manage_secret, start=first.start)

    assert first.start == in_days(1, 9, 30)
    assert (back.starts_at, back.ends_at, back.status) == (first.start, first.start + timedelta(minutes=30), "booked")


def test_when_the_last_one_of_the_day_went_to_somebody_else_it_counts_as_taken() -> None:
    made, visit_type = make_bookable(most_a_day=1)
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)
    book(made, visit_type, in_days(1, 10), last_name="Andere")

    with pytest.raises(SlotTaken):
        undo_managed(made.id, booked.manage_secret)

    assert rows(made, Appointment, id=booked.appointment_id)[0].status == "cancelled"


def test_with_the_same_clinician_although_another_one_is_free() -> None:
    made, visit_type = make_bookable(clinicians=2)
    booked = book(made, visit_type, in_days(1, 9))
    (before,) = rows(made, Appointment)
    cancel_managed(made.id, booked.manage_secret)
    mine = next(one for one in made.clinicians if one.id == before.resource_ids[0])
    only_mine = make_visit_type(made, [mine])
    open_up(made, mine, in_days(5, 9), in_days(5, 10))
    book_by_phone(made, only_mine, in_days(1, 9))

    with pytest.raises(SlotTaken):
        undo_managed(made.id, booked.manage_secret)


def test_it_can_be_cancelled_again_and_the_ten_minutes_begin_anew() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)
    undo_managed(made.id, booked.manage_secret)

    cancel_managed(made.id, booked.manage_secret)

    until = find_managed(made.id, booked.manage_secret).take_back_until
    assert until is not None
    assert until > clock.now() + timedelta(minutes=9)
