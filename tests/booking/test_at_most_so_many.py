from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.hold import Held, hold
from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.booking.move import move_managed
from sprechzeit.booking.offer import offered
from sprechzeit.booking.quota import full_days
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import VisitType
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, rows
from tests.factories import Made, book, in_days, make_bookable, make_person, make_practice, make_visit_type, type_id


def held(made: Made, visit_type: VisitType, start: datetime) -> Held:
    return hold(made.id, type_id(visit_type), start)


def test_no_more_than_so_many_a_day_and_the_next_day_is_free() -> None:
    made, visit_type = make_bookable(most_a_day=2, hours=(9, 18))
    book(made, visit_type, in_days(1, 9))
    book(made, visit_type, in_days(1, 10))

    with pytest.raises(NotBookable):
        held(made, visit_type, in_days(1, 11))
    held(made, visit_type, in_days(2, 11))

    days = [one.day for one in offered(made.practice, visit_type, since=None, days=7).days]
    assert in_days(1).date() not in days
    assert in_days(2).date() in days


def test_what_is_held_counts_while_it_lasts_and_what_is_cancelled_does_not() -> None:
    made, visit_type = make_bookable(most_a_day=1, hours=(9, 18))
    held(made, visit_type, in_days(1, 9))
    with pytest.raises(NotBookable):
        held(made, visit_type, in_days(1, 10))
    with wearing(Role.DESK), acting_for(made.id):
        Hold.objects.filter(practice=made.id).delete()

    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)

    book(made, visit_type, in_days(1, 10))


def test_the_desk_is_not_bound_but_what_it_books_counts() -> None:
    made, visit_type = make_bookable(most_a_day=1, hours=(9, 18))
    book_by_phone(made, visit_type, in_days(1, 9))
    book_by_phone(made, visit_type, in_days(1, 10))

    with pytest.raises(NotBookable):
        held(made, visit_type, in_days(1, 11))


def test_another_visit_type_is_another_count() -> None:
    made, visit_type = make_bookable(most_a_day=1, hours=(9, 18))
    other = make_visit_type(made, most_a_day=1)
    book(made, visit_type, in_days(1, 9))

    book(made, other, in_days(1, 10))


def test_moving_within_the_day_takes_no_further_place_and_onto_a_full_day_is_refused() -> None:
    made, visit_type = make_bookable(most_a_day=1, hours=(9, 18))
    booked = book(made, visit_type, in_days(1, 9))
    book(made, visit_type, in_days(2, 9))

    assert move_managed(made.id, booked.manage_secret, in_days(1, 11)).starts_at == in_days(1, 11)
    with pytest.raises(NotBookable):
        move_managed(made.id, booked.manage_secret, in_days(2, 11))


def test_of_ten_who_want_the_last_place_of_the_day_at_once_one_gets_it() -> None:
    made, visit_type = make_bookable(clinicians=10, most_a_day=1)

    results, _ = all_at_once([partial(held, made, visit_type, in_days(1, 9)) for _ in range(10)])

    assert sum(isinstance(one, Held) for one in results) == 1
    assert {type(one) for one in results if not isinstance(one, Held)} == {NotBookable}


def test_an_expired_hold_does_not_get_around_the_limit() -> None:
    made, visit_type = make_bookable(most_a_day=1, hours=(9, 18))
    first = held(made, visit_type, in_days(1, 9))
    second = in_days(1, 10)

    with clock.travelled(timedelta(minutes=11)):
        book(made, visit_type, second)
        with pytest.raises(NotBookable):
            confirm(made.id, first.secret, make_person())

    assert len(rows(made, Appointment)) == 1


@settings(max_examples=25, deadline=None)
@given(
    starts=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 23)), max_size=12),
    a_day=st.none() | st.integers(1, 3),
    a_week=st.none() | st.integers(1, 5),
)
def test_full_days_are_those_that_counting_says(
    starts: list[tuple[int, int]], a_day: int | None, a_week: int | None
) -> None:
    made = make_practice()
    visit_type = make_visit_type(made, most_a_day=a_day, most_a_week=a_week)
    moments = [in_days(1 + day, hour) for day, hour in starts]
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.bulk_create(
            Appointment(
                practice_id=made.id,
                visit_type=visit_type,
                starts_at=one,
                ends_at=one + timedelta(minutes=30),
                resource_ids=[],
                source="desk",
            )
            for one in moments
        )
    days = [in_days(1 + day).date() for day in range(21)]
    local = [one.astimezone(made.practice.zone).date() for one in moments]

    with wearing(Role.FRONT), acting_for(made.id):
        full = full_days(made.practice, visit_type, days)

    assert full == {
        day
        for day in days
        if (a_day is not None and local.count(day) >= a_day)
        or (a_week is not None and sum(one.isocalendar()[:2] == day.isocalendar()[:2] for one in local) >= a_week)
    }
