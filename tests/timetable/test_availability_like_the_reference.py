from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit.identifiers import ResourceId
from sprechzeit.timetable.availability import candidate_lanes, free_now, free_slots
from tests.timetable.random_calendars import (
    CAPACITIES,
    LENGTH,
    Calendar,
    calendars,
    expected,
    furnished,
    positions,
    visit_types,
    written,
)
from tests.timetable.reference import MINUTE


@settings(max_examples=120)
@given(data=st.data(), calendar=calendars(), visit=visit_types())
def test_free_slots_are_what_the_reference_says(
    data: st.DataObject, calendar: Calendar, visit: tuple[list[list[int]], dict[str, int]]
) -> None:
    made, resources, _ = furnished()
    needs, fields = visit
    asked = data.draw(st.none() | st.sampled_from(range(len(CAPACITIES))))
    edge = st.integers(0, LENGTH) | st.sampled_from([0, LENGTH, *calendar.edges()])
    since, until = sorted(data.draw(st.tuples(edge, edge)))
    ignoring = data.draw(st.booleans())
    limit = data.draw(st.none() | st.integers(1, 5))

    with written(calendar, needs, fields) as (visit_type, to_be_moved):
        slots = free_slots(
            made.id,
            visit_type,
            calendar.moment(since),
            calendar.moment(until),
            resource=None if asked is None else ResourceId(resources[asked]),
            limit=limit,
            ignoring=to_be_moved if ignoring else None,
        )

    starts = [minute for minute in range(since, until) if calendar.on_grid(minute, fields["grid_minutes"])]
    free = expected(calendar, needs, fields, starts, asked=asked, ignoring=ignoring)
    found = [(slot.start, positions(slot.resources)) for slot in slots]
    assert found == [(calendar.moment(start), resources) for start, resources in free.items()][:limit]
    assert {slot.end - slot.start for slot in slots} <= {fields["duration_minutes"] * MINUTE}


@settings(max_examples=80)
@given(data=st.data(), calendar=calendars(), visit=visit_types())
def test_one_start_is_free_exactly_when_each_need_has_a_free_lane(
    data: st.DataObject, calendar: Calendar, visit: tuple[list[list[int]], dict[str, int]]
) -> None:
    made, resources, places = furnished()
    needs, fields = visit
    asked = data.draw(st.none() | st.sampled_from(range(len(CAPACITIES))))
    ignoring = data.draw(st.booleans())
    inside = data.draw(st.booleans())
    around = st.integers(0, LENGTH)
    if edges := calendar.edges():
        around |= st.tuples(st.sampled_from(edges), st.integers(-30, 30)).map(lambda pair: pair[0] + 5 * pair[1])
    starts = sorted(data.draw(st.sets(around, min_size=1, max_size=8)))
    how = {"asked": asked, "ignoring": ignoring}

    free = expected(calendar, needs, fields, starts, **how)
    takeable = expected(calendar, needs, fields, starts, **how, inside_openings=inside)

    with written(calendar, needs, fields) as (visit_type, to_be_moved):
        for start in starts:
            which = {
                "resource": None if asked is None else ResourceId(resources[asked]),
                "ignoring": to_be_moved if ignoring else None,
            }
            moment = calendar.moment(start)
            anywhere = free_now(made.id, visit_type, moment, on_grid=False, **which)
            on_grid = free_now(made.id, visit_type, moment, **which)
            candidates = candidate_lanes(made.id, visit_type, moment, inside_openings=inside, **which)

            assert (anywhere and positions(anywhere.resources)) == free.get(start)
            assert on_grid == (anywhere if calendar.on_grid(start, fields["grid_minutes"]) else None)
            assert len(candidates) == len(needs)
            assert all(candidates) == (start in takeable)
            if start in takeable:
                named = [sorted({lane.resource_id for lane in need}) for need in candidates]
                assert positions(named) == takeable[start]
            for candidate in (candidate for need in candidates for candidate in need):
                begin = start - fields["buffer_before_minutes"]
                end = start + fields["duration_minutes"] + fields["buffer_after_minutes"]
                place = places[candidate.lane_id]
                assert resources[place[0]] == candidate.resource_id
                assert not calendar.busy(place, ignoring=ignoring) & set(range(begin, end))
