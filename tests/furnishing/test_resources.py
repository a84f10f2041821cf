from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.affected import Affects
from sprechzeit.booking.hold import hold
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.furnishing.lanes import LanesTaken
from sprechzeit.furnishing.order import move_resource
from sprechzeit.furnishing.resource import Furniture, all_resources, change_resource, new_resource
from sprechzeit.furnishing.retire import retire_resource, return_resource
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Lane, Resource
from tests.booking.booked import book_by_phone, events
from tests.factories import Made, in_days, make_bookable, make_practice, make_resource, make_visit_type, type_id
from tests.timetable.calendar import open_weekly, openings, weekly


def lanes(made: Made, resource: Resource, *, overbooking: bool = False) -> list[int]:
    with wearing(Role.DESK), acting_for(made.id):
        found = Lane.objects.filter(resource=resource, overbooking=overbooking)
        return list(found.order_by("number").values_list("number", flat=True))


def set_capacity(made: Made, resource: Resource, capacity: int) -> None:
    with wearing(Role.DESK):
        furniture = Furniture(resource.name, made.location.id, capacity=capacity)
        change_resource(made.id, made.actor, resource.id, furniture)


def with_two_places() -> tuple[Made, Resource]:
    made = make_practice(clinicians=0)
    return made, make_resource(made, kind="room", name="Labor", capacity=2)


def test_a_new_one_stands_at_the_end_of_its_kind_with_its_lanes() -> None:
    made = make_practice(clinicians=2)

    with wearing(Role.DESK):
        row = new_resource(made.id, made.actor, "clinician", Furniture("Dr. Neu", made.location.id, capacity=3))
        assert resources_of(made.id)[-1] == row

    assert lanes(made, row) == [1, 2, 3]
    assert len(events(made, "resource.add")) == 1


@pytest.mark.parametrize(
    ("field", "kind", "changed"),
    [
        ("kind", "robot", {}),
        ("capacity", "room", {"capacity": 0}),
        ("capacity", "room", {"capacity": 100}),
        ("location_id", "room", {"location_id": 0}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(field: str, kind: str, changed: dict[str, int]) -> None:
    made = make_practice(clinicians=0)
    furniture = Furniture(**{"name": "Neu", "location_id": made.location.id, **changed})

    with wearing(Role.DESK), pytest.raises(Invalid) as refusal:
        new_resource(made.id, made.actor, kind, furniture)

    assert refusal.value.field == field
    with wearing(Role.DESK):
        assert all_resources(made.id) == []


def test_another_practices_location_or_resource_is_not_there() -> None:
    made, other = make_practice(), make_practice()

    with wearing(Role.DESK):
        with pytest.raises(Invalid):
            new_resource(made.id, made.actor, "room", Furniture("Neu", other.location.id))
        with pytest.raises(NotFound):
            change_resource(made.id, made.actor, other.clinicians[0].id, Furniture("Neu", made.location.id))


def test_more_places_add_lanes_and_fewer_take_the_upper_ones_away() -> None:
    made, lab = with_two_places()

    set_capacity(made, lab, 4)
    more = lanes(made, lab)
    set_capacity(made, lab, 1)

    assert (more, lanes(made, lab)) == ([1, 2, 3, 4], [1])


def test_a_place_that_somebody_comes_to_stays_and_says_who() -> None:
    made, lab = with_two_places()
    visit_type = make_visit_type(made, [lab])
    first, second = (book_by_phone(made, visit_type, in_days(1, 9)) for _ in range(2))

    with pytest.raises(LanesTaken) as refusal:
        set_capacity(made, lab, 1)

    assert [one.id for one in refusal.value.appointments] in ([first.id], [second.id])
    assert lanes(made, lab) == [1, 2]
    assert events(made, "resource.change") == []


def test_what_is_over_or_expired_does_not_keep_a_place() -> None:
    made, lab = with_two_places()
    visit_type = make_visit_type(made, [lab])
    for _ in range(2):
        book_by_phone(made, visit_type, in_days(1, 9))

    with clock.travelled(timedelta(days=3)):
        set_capacity(made, lab, 1)

    assert lanes(made, lab) == [1]


def test_a_hold_keeps_its_place_while_it_lasts() -> None:
    made, visit_type = make_bookable()
    clinician = made.clinicians[0]
    set_capacity(made, clinician, 2)
    for _ in range(2):
        hold(made.id, type_id(visit_type), in_days(1, 9))

    with pytest.raises(LanesTaken):
        set_capacity(made, clinician, 1)
    with clock.travelled(timedelta(hours=1)):
        set_capacity(made, clinician, 1)

    assert lanes(made, clinician) == [1]


def test_they_change_places_within_their_kind() -> None:
    made = make_practice(clinicians=3)
    room = make_resource(made, kind="room", name="Raum")
    a, b, c = made.clinicians

    with wearing(Role.DESK):
        move_resource(made.id, made.actor, c.id, -1)
        move_resource(made.id, made.actor, a.id, -1)  # first already
        move_resource(made.id, made.actor, room.id, 1)  # alone

        assert resources_of(made.id) == [a, c, b, room]
    assert len(events(made, "resource.order")) == 1


def test_who_retires_has_no_openings_and_comes_back_with_the_same_hours() -> None:
    made = make_practice()
    clinician = made.clinicians[0]
    open_weekly(made, weekly(0))
    before = openings(made)

    with wearing(Role.DESK):
        retire_resource(made.id, made.actor, clinician.id)
    retired = openings(made)
    with wearing(Role.DESK):
        return_resource(made.id, made.actor, clinician.id)

    assert (retired, openings(made)) == ([], before)
    assert [len(events(made, f"resource.{verb}")) for verb in ("retire", "return")] == [1, 1]


def test_who_has_appointments_retires_only_after_a_yes() -> None:
    made, visit_type = make_bookable()
    clinician = made.clinicians[0]
    booked = book_by_phone(made, visit_type, in_days(1, 9))

    with wearing(Role.DESK), pytest.raises(Affects) as refusal:
        retire_resource(made.id, made.actor, clinician.id)
    kept = openings(made)
    with wearing(Role.DESK):
        retire_resource(made.id, made.actor, clinician.id, agreed=refusal.value.agreement)

    assert [one.id for one in refusal.value.appointments] == [booked.id]
    assert kept
    assert openings(made) == []


def test_lanes_for_overbooking_are_added_and_taken_away_apart_from_the_others() -> None:
    made = make_practice(clinicians=1)
    resource = made.clinicians[0]

    with wearing(Role.DESK):
        for overbooking in (3, 0, 2):
            change_resource(
                made.id, made.actor, resource.id, Furniture(resource.name, made.location.id, overbooking=overbooking)
            )
            assert lanes(made, resource, overbooking=True) == list(range(1, overbooking + 1))

    assert lanes(made, resource) == [1]
