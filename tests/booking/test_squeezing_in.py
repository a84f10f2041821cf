from __future__ import annotations

from functools import partial

import pytest

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.suggest import suggest
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.lanes import set_lanes
from sprechzeit.practices.models import Lane, VisitType
from sprechzeit.timetable.availability import free_slots
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, in_days, make_bookable, make_person, type_id


def with_room(places: int, *, clinicians: int = 1) -> tuple[Made, VisitType]:
    """A practice whose clinicians have so many places for squeezing in."""
    made, visit_type = make_bookable(clinicians=clinicians)
    with wearing(Role.DESK), acting_for(made.id):
        for clinician in made.clinicians:
            set_lanes(made.id, clinician, places, overbooking=True)
    return made, visit_type


def squeeze(made: Made, visit_type: VisitType, *, kind: str = "walk-in", arrived: bool = False) -> Appointment:
    with wearing(Role.DESK):
        return book_at_desk(
            made.keys,
            made.actor,
            type_id(visit_type),
            in_days(1, 9),
            make_person(),
            kind=kind,
            overbook=True,
            arrived=arrived,
        )


def test_beside_a_taken_time_one_more_is_squeezed_in_and_marked() -> None:
    made, visit_type = with_room(1)
    ordinary = book_by_phone(made, visit_type, in_days(1, 9))

    squeezed = squeeze(made, visit_type, kind="emergency")

    assert (ordinary.overbooked, squeezed.overbooked, squeezed.appointment_type) == (False, True, "emergency")
    assert squeezed.resource_ids == ordinary.resource_ids
    assert events(made, "appointment.book")[-1].details == {"source": "desk", "overbooked": True}


def test_where_something_is_free_nobody_is_squeezed_in() -> None:
    made, visit_type = with_room(1)

    assert squeeze(made, visit_type).overbooked is False


def test_without_saying_so_nobody_comes_between() -> None:
    made, visit_type = with_room(2)
    book_by_phone(made, visit_type, in_days(1, 9))

    with pytest.raises(SlotTaken) as refusal:
        book_by_phone(made, visit_type, in_days(1, 9))

    assert refusal.value.overbook is False


def test_when_all_places_for_squeezing_in_are_taken_it_is_told_clearly() -> None:
    made, visit_type = with_room(1)
    book_by_phone(made, visit_type, in_days(1, 9))
    squeeze(made, visit_type)

    with pytest.raises(SlotTaken) as refusal:
        squeeze(made, visit_type)

    assert refusal.value.overbook is True
    assert "niemand mehr eingeschoben" in refusal.value.message
    assert refusal.value.alternatives[0].start == in_days(1, 9, 30)


def test_of_many_who_squeeze_in_at_once_as_many_have_it_as_there_are_places() -> None:
    made, visit_type = with_room(3)

    results, connections = all_at_once([partial(squeeze, made, visit_type)] * 20, role=Role.DESK)

    done = [one for one in results if isinstance(one, Appointment)]
    assert connections == 20
    assert sorted(one.overbooked for one in done) == [False, True, True, True]
    assert {type(one) for one in results if isinstance(one, Exception)} == {SlotTaken}
    assert len(rows(made, Occupancy)) == len({row.lane_id for row in rows(made, Occupancy)}) == 4


def test_places_for_squeezing_in_are_offered_to_nobody() -> None:
    made, visit_type = with_room(2)
    book_by_phone(made, visit_type, in_days(1, 9))

    slots = free_slots(made.id, type_id(visit_type), in_days(1, 9), in_days(1, 10))
    with wearing(Role.DESK):
        suggested = suggest(made.id, type_id(visit_type), in_days(1, 9))

    assert [slot.start for slot in slots] == [in_days(1, 9, 30)]
    assert suggested[0].start == in_days(1, 9, 30)
    with pytest.raises(SlotTaken):
        hold(made.id, type_id(visit_type), in_days(1, 9))


def test_moved_onto_a_taken_time_it_is_squeezed_in_and_elsewhere_it_is_ordinary_again() -> None:
    made, visit_type = with_room(1)
    book_by_phone(made, visit_type, in_days(1, 9))
    late = book_by_phone(made, visit_type, in_days(1, 10))

    with wearing(Role.DESK):
        squeezed = move_appointment(made.id, made.actor, late.id, in_days(1, 9), version=1, overbook=True)
        free = move_appointment(made.id, made.actor, late.id, in_days(1, 11), version=2)

    assert (squeezed.overbooked, free.overbooked) == (True, False)
    with wearing(Role.DESK), acting_for(made.id):
        lanes = Lane.objects.filter(id__in=Occupancy.objects.filter(practice=made.id).values("lane"))
        assert not lanes.filter(overbooking=True).exists()


def test_who_comes_without_an_appointment_has_arrived_at_once() -> None:
    made, visit_type = with_room(1)

    here = squeeze(made, visit_type, arrived=True)

    assert (here.status, here.appointment_type, here.version) == ("arrived", "walk-in", 1)
    assert here.arrived_at is not None


def test_a_kind_that_does_not_exist_is_refused() -> None:
    made, visit_type = with_room(1)

    with pytest.raises(Invalid) as refusal:
        squeeze(made, visit_type, kind="favour")

    assert refusal.value.field == "kind"
    assert rows(made, Appointment) == []
