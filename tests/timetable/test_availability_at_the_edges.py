from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.models import Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId, VisitTypeId
from sprechzeit.practices.models import Lane, Resource
from sprechzeit.timetable.availability import candidate_lanes, free_now, free_slots
from tests.factories import (
    Made,
    in_days,
    make_bookable,
    make_practice,
    make_resource,
    make_visit_type,
    open_up,
    type_id,
)


def block(made: Made, resource: Resource, start: datetime, end: datetime, number: int = 1) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        lane = Lane.objects.get(resource=resource, number=number, overbooking=False)
        Occupancy.objects.create(practice_id=made.id, lane=lane, during=(start, end))


def starts(made: Made, visit_type: VisitTypeId, since: datetime, until: datetime) -> list[datetime]:
    return [slot.start for slot in free_slots(made.id, visit_type, since, until)]


def test_what_was_taken_since_yesterday_is_still_taken() -> None:
    made = make_practice()
    clinician = made.clinicians[0]
    visit_type = type_id(make_visit_type(made))
    open_up(made, clinician, in_days(2, 0), in_days(3, 0))
    block(made, clinician, in_days(1, 12), in_days(2, 11))

    assert starts(made, visit_type, in_days(2, 10), in_days(2, 12)) == [in_days(2, 11), in_days(2, 11, 30)]
    assert free_now(made.id, visit_type, in_days(2, 10, 30)) is None
    assert candidate_lanes(made.id, visit_type, in_days(2, 10, 30)) == [[]]
    assert candidate_lanes(made.id, visit_type, in_days(2, 10, 30), inside_openings=False) == [[]]


def test_what_has_been_open_all_day_is_still_open() -> None:
    made = make_practice()
    visit_type = type_id(make_visit_type(made))
    open_up(made, made.clinicians[0], in_days(2, 0), in_days(3, 0))

    assert starts(made, visit_type, in_days(2, 23), in_days(3, 1)) == [in_days(2, 23), in_days(2, 23, 30)]
    assert all(candidate_lanes(made.id, visit_type, in_days(2, 23, 30)))


def test_a_visit_over_midnight_fits_where_both_days_are_open() -> None:
    made = make_practice()
    visit_type = type_id(make_visit_type(made, duration_minutes=60))
    open_up(made, made.clinicians[0], in_days(2, 0), in_days(3, 0))
    open_up(made, made.clinicians[0], in_days(3, 0), in_days(4, 0))

    assert free_now(made.id, visit_type, in_days(2, 23, 30))
    assert all(candidate_lanes(made.id, visit_type, in_days(2, 23, 30)))


def test_a_visit_never_begins_with_one_clinician_and_ends_with_another() -> None:
    made = make_practice(clinicians=2)
    visit_type = type_id(make_visit_type(made, duration_minutes=60))
    open_up(made, made.clinicians[0], in_days(2, 9), in_days(2, 9, 30))
    open_up(made, made.clinicians[1], in_days(2, 9, 30), in_days(2, 10))

    assert starts(made, visit_type, in_days(2, 0), in_days(3, 0)) == []


def test_a_retired_resource_serves_nobody() -> None:
    made, visit_type = make_bookable(clinicians=2)
    both_needed = make_visit_type(made, made.clinicians[:1], made.clinicians[1:])
    with wearing(Role.DESK), acting_for(made.id):
        Resource.objects.filter(id=made.clinicians[0].id).update(retired_at=clock.now())

    slot = free_now(made.id, type_id(visit_type), in_days(1, 9))

    assert slot
    assert slot.resources == ((made.clinicians[1].id,),)
    assert free_now(made.id, type_id(both_needed), in_days(1, 9)) is None
    assert candidate_lanes(made.id, type_id(both_needed), in_days(1, 9))[0] == []


def test_a_visit_type_of_another_practice_has_no_times_here() -> None:
    made, _ = make_bookable()
    _, foreign = make_bookable()

    assert starts(made, type_id(foreign), in_days(0), in_days(5)) == []
    assert candidate_lanes(made.id, type_id(foreign), in_days(1, 9)) == []


def test_an_empty_span_has_no_times() -> None:
    made, visit_type = make_bookable()

    assert starts(made, type_id(visit_type), in_days(1, 9), in_days(1, 9)) == []
    assert starts(made, type_id(visit_type), in_days(1, 10), in_days(1, 9)) == []


@pytest.mark.parametrize("seconds", [1, 59])
def test_a_span_that_begins_within_a_minute_offers_the_next_start_on_the_grid(seconds: int) -> None:
    made, visit_type = make_bookable()
    since = in_days(1, 9) + timedelta(seconds=seconds, microseconds=1)

    assert starts(made, type_id(visit_type), since, in_days(1, 10)) == [in_days(1, 9, 30)]


def test_the_least_busy_of_that_day_comes_first() -> None:
    made, visit_type = make_bookable(clinicians=3)
    first, second, third = made.clinicians
    block(made, first, in_days(1, 10), in_days(1, 10, 30))
    block(made, first, in_days(1, 11), in_days(1, 11, 30))
    block(made, second, in_days(1, 10), in_days(1, 10, 30))
    for hour in (9, 10, 11):  # another day does not count
        block(made, third, in_days(2, hour), in_days(2, hour, 30))

    candidates = candidate_lanes(made.id, type_id(visit_type), in_days(1, 9))

    assert [one.resource_id for one in candidates[0]] == [third.id, second.id, first.id]


def test_a_busy_place_counts_for_its_whole_room() -> None:
    made = make_practice(clinicians=0)
    small = make_resource(made, kind="room", name="Klein")
    large = make_resource(made, kind="room", name="Groß", capacity=2)
    visit_type = type_id(make_visit_type(made, [large, small]))
    block(made, large, in_days(1, 10), in_days(1, 11), number=2)

    candidates = candidate_lanes(made.id, visit_type, in_days(1, 9), inside_openings=False)

    assert [one.resource_id for one in candidates[0]] == [small.id, large.id, large.id]


def test_asking_for_somebody_leaves_the_other_needs_as_they_are() -> None:
    made, _ = make_bookable(clinicians=2)
    room = make_resource(made, kind="room", name="Raum")
    open_up(made, room, in_days(1, 9), in_days(1, 12))
    visit_type = type_id(make_visit_type(made, made.clinicians, [room]))
    wanted = ResourceId(made.clinicians[1].id)

    slot = free_now(made.id, visit_type, in_days(1, 9), resource=wanted)

    assert slot
    assert slot.resources == ((wanted,), (room.id,))
