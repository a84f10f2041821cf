from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sprechzeit.booking.affected import Affects
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.move import move_appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.furnishing.order import move_visit_type
from sprechzeit.furnishing.retire import retire_visit_type, return_visit_type
from sprechzeit.furnishing.visit_type import (
    Needs,
    Offering,
    any_visit_type,
    change_visit_type,
    needs_of,
    new_visit_type,
)
from sprechzeit.practices.directory import bookable_visit_types
from sprechzeit.practices.models import VisitType
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, in_days, make_bookable, make_practice, make_resource, make_visit_type

OFFERING = Offering(
    name_de="Sprechstunde",
    name_en="Consultation",
    tone=1,
    duration_minutes=30,
    buffer_before_minutes=0,
    buffer_after_minutes=0,
    grid_minutes=30,
    online=True,
    lead_minutes=0,
    horizon_days=365,
    change_until_minutes=60,
)


def needing(made: Made) -> Needs:
    return (tuple(one.id for one in made.clinicians),)


def change(made: Made, visit_type: VisitType, needs: Needs | None = None, agreed: str = "", **changed: object) -> None:
    with wearing(Role.DESK):
        change_visit_type(
            made.id,
            made.actor,
            visit_type.id,
            replace(OFFERING, **changed),
            needing(made) if needs is None else needs,
            agreed=agreed,
        )


def test_a_new_one_is_bookable_and_stands_last() -> None:
    made = make_practice(clinicians=2)
    old = make_visit_type(made)
    room = make_resource(made, kind="room", name="Raum")

    with wearing(Role.DESK):
        row = new_visit_type(made.id, made.actor, OFFERING, [[one.id for one in made.clinicians], [room.id]])

        assert bookable_visit_types(made.id) == [old, row]
        assert needs_of(made.id, row.id) == (tuple(one.id for one in made.clinicians), (room.id,))
    assert len(events(made, "visit-type.add")) == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("duration_minutes", {"duration_minutes": 4}),
        ("duration_minutes", {"duration_minutes": 721}),
        ("buffer_before_minutes", {"buffer_before_minutes": 241}),
        ("buffer_after_minutes", {"buffer_after_minutes": 241}),
        ("grid_minutes", {"grid_minutes": 7}),
        ("tone", {"tone": 9}),
        ("horizon_days", {"horizon_days": 0}),
        ("horizon_days", {"horizon_days": 401}),
        ("lead_minutes", {"lead_minutes": 60 * 24 * 60 + 1}),
    ],
)
def test_what_the_calendar_cannot_hold_is_refused_in_words(field: str, changed: dict[str, int]) -> None:
    made = make_practice()
    visit_type = make_visit_type(made)

    with pytest.raises(Invalid) as refusal:
        change(made, visit_type, **changed)

    assert refusal.value.field == field
    assert len(refusal.value.message) > 15
    assert events(made, "visit-type.change") == []


def test_a_resource_serves_one_need_only_and_must_be_here() -> None:
    made, other = make_practice(), make_practice()
    visit_type = make_visit_type(made)
    clinician = made.clinicians[0].id

    for needs in (((clinician,), (clinician,)), ((clinician, clinician),), (), ((),), ((other.clinicians[0].id,),)):
        with pytest.raises(Invalid) as refusal:
            change(made, visit_type, needs)
        assert refusal.value.field == "needs"


def test_what_is_booked_keeps_its_length_after_a_yes() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))

    with pytest.raises(Affects) as refusal:
        change(made, visit_type, duration_minutes=45)
    change(made, visit_type, agreed=refusal.value.agreement, duration_minutes=45)

    assert [one.id for one in refusal.value.appointments] == [booked.id]
    (row,) = rows(made, Appointment)
    assert row.ends_at - row.starts_at == timedelta(minutes=30)
    (event,) = events(made, "visit-type.change")
    assert event.details["fields"] == ["duration_minutes"]


def test_moved_afterwards_it_takes_its_own_length_again() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    with pytest.raises(Affects) as refusal:
        change(made, visit_type, duration_minutes=15)
    change(made, visit_type, agreed=refusal.value.agreement, duration_minutes=15)

    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, booked.id, in_days(2, 9), version=booked.version)

    (taken,) = rows(made, Occupancy)
    assert taken.ends_at - taken.starts_at == timedelta(minutes=30)


def test_other_needs_ask_only_where_somebody_takes_part_who_would_not_now() -> None:
    made, visit_type = make_bookable(clinicians=2)
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    busy = booked.resource_ids[0]
    idle = next(one.id for one in made.clinicians if one.id != busy)

    change(made, visit_type, ((busy,),))
    with pytest.raises(Affects):
        change(made, visit_type, ((idle,),))

    with wearing(Role.DESK):
        assert needs_of(made.id, visit_type.id) == ((busy,),)


def test_a_new_name_asks_nothing() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))

    change(made, visit_type, name_de="Beratung")

    with wearing(Role.DESK):
        assert any_visit_type(made.id, visit_type.id).name_de == "Beratung"


def test_it_retires_after_a_yes_and_comes_back() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))

    with wearing(Role.DESK):
        with pytest.raises(Affects) as refusal:
            retire_visit_type(made.id, made.actor, visit_type.id)
        retire_visit_type(made.id, made.actor, visit_type.id, agreed=refusal.value.agreement)
        retired = bookable_visit_types(made.id)
        return_visit_type(made.id, made.actor, visit_type.id)

        assert (retired, bookable_visit_types(made.id)) == ([], [visit_type])
        assert len(rows(made, Appointment)) == 1


def test_they_change_places() -> None:
    made = make_practice()
    a, b = make_visit_type(made), make_visit_type(made)

    with wearing(Role.DESK):
        move_visit_type(made.id, made.actor, b.id, -1)
        move_visit_type(made.id, made.actor, b.id, -1)

        assert bookable_visit_types(made.id) == [b, a]


def test_another_practices_is_not_there() -> None:
    made, other = make_practice(), make_practice()
    foreign = make_visit_type(other)

    with pytest.raises(NotFound):
        change(made, foreign)
