"""From arrival to treatment in a room to done: what is kept of it, what is refused, what is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.errors import ChangedMeanwhile, WrongStatus
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.rooms import rooms_now
from sprechzeit.booking.status import is_late, mark
from sprechzeit.booking.undo import last_step, undo
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.errors import NotFound
from sprechzeit.furnishing.retire import retire_resource
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, in_days, make_bookable, make_resource


class Practice:
    """A practice with two rooms and one appointment today."""

    def __init__(self) -> None:
        self.made, self.visit_type = make_bookable()
        self.rooms = [make_resource(self.made, kind="room", name=f"Raum {n}") for n in (1, 2)]
        self.id = book_by_phone(self.made, self.visit_type, in_days(0, 23)).id

    def mark(self, status: str, room: Resource | None = None, **how: object) -> Appointment:
        with wearing(Role.DESK):
            version = self.now().version
            chosen = ResourceId(room.id) if room else None
            return mark(self.made.id, self.made.actor, self.id, status, **{"version": version, "room": chosen, **how})

    def now(self) -> Appointment:
        return next(one for one in rows(self.made, Appointment) if one.id == self.id)

    def occupied(self) -> list[str]:
        with wearing(Role.DESK):
            return [room.name for room in rooms_now(self.made.id) if room.occupied]


def test_from_arrival_to_done_the_moments_and_the_room_are_kept() -> None:
    practice = Practice()

    arrived = practice.mark("arrived")
    with clock.travelled(timedelta(minutes=5)):
        treated = practice.mark("in-treatment", practice.rooms[0])
    with clock.travelled(timedelta(minutes=20)):
        done = practice.mark("done")

    assert arrived.arrived_at is not None
    assert (treated.treated_in_id, treated.arrived_at) == (practice.rooms[0].id, arrived.arrived_at)
    assert (done.treated_in_id, done.arrived_at) == (practice.rooms[0].id, arrived.arrived_at)
    assert len(events(practice.made, "appointment.mark")) == 3


def test_without_a_room_somebody_is_treated_all_the_same() -> None:
    practice = Practice()
    practice.mark("arrived")

    assert practice.mark("in-treatment").treated_in_id is None


def test_a_room_is_occupied_while_somebody_is_treated_there_and_can_be_chosen_again() -> None:
    practice = Practice()
    practice.mark("arrived")
    practice.mark("in-treatment", practice.rooms[0])
    during = practice.occupied()
    other = book_by_phone(practice.made, practice.visit_type, in_days(0, 22))
    with wearing(Role.DESK):
        mark(practice.made.id, practice.made.actor, other.id, "arrived", version=1)
        both = mark(
            practice.made.id, practice.made.actor, other.id, "in-treatment", version=2,
            room=ResourceId(practice.rooms[0].id),
        )  # fmt: skip  # lines grouped by hand
        mark(practice.made.id, practice.made.actor, other.id, "done", version=3)
    practice.mark("done")

    assert during == ["Raum 1"]
    assert both.treated_in_id == practice.rooms[0].id
    assert practice.occupied() == []


def test_the_room_can_be_changed_during_the_treatment_and_the_same_again_changes_nothing() -> None:
    practice = Practice()
    practice.mark("arrived")
    practice.mark("in-treatment", practice.rooms[0])

    changed = practice.mark("in-treatment", practice.rooms[1])
    again = practice.mark("in-treatment", practice.rooms[1])

    assert changed.treated_in_id == practice.rooms[1].id
    assert again.version == changed.version


def test_sent_back_to_the_waiting_room_the_room_is_free_and_the_waiting_goes_on() -> None:
    practice = Practice()
    arrived = practice.mark("arrived")
    practice.mark("in-treatment", practice.rooms[0])

    back = practice.mark("arrived")

    assert (back.treated_in_id, back.arrived_at) == (None, arrived.arrived_at)
    assert practice.occupied() == []


def test_undone_the_room_and_the_arrival_are_as_before() -> None:
    practice = Practice()
    practice.mark("arrived")
    before = practice.mark("in-treatment", practice.rooms[0])
    practice.mark("in-treatment", practice.rooms[1])

    with wearing(Role.DESK):
        step = last_step(practice.made.id, practice.made.actor)
        assert step is not None
        back = undo(practice.made.id, practice.made.actor, step.id)

    assert (back.treated_in_id, back.arrived_at, back.status) == (
        before.treated_in_id, before.arrived_at, "in-treatment"
    )  # fmt: skip  # lines grouped by hand


def test_only_a_room_in_use_of_this_practice_can_be_chosen() -> None:
    practice = Practice()
    foreign = make_resource(make_bookable()[0], kind="room", name="Fremd")
    retired = make_resource(practice.made, kind="room", name="Weg")
    with wearing(Role.DESK):
        retire_resource(practice.made.id, practice.made.actor, ResourceId(retired.id))
    practice.mark("arrived")

    for room in (foreign, retired, practice.made.clinicians[0]):
        with pytest.raises(NotFound):
            practice.mark("in-treatment", room)

    assert practice.now().status == "arrived"


def test_a_room_for_somebody_who_is_not_there_yet_is_refused() -> None:
    practice = Practice()

    with pytest.raises(WrongStatus):
        practice.mark("in-treatment", practice.rooms[0])


def test_of_two_who_call_somebody_in_at_once_the_second_is_told() -> None:
    practice = Practice()
    seen = practice.mark("arrived").version
    practice.mark("in-treatment", practice.rooms[0])

    with pytest.raises(ChangedMeanwhile):
        practice.mark("in-treatment", practice.rooms[1], version=seen)

    assert practice.now().treated_in_id == practice.rooms[0].id


@pytest.mark.parametrize(("minutes", "late"), [(9, False), (10, True)])
def test_who_is_not_there_after_ten_minutes_is_late(minutes: int, late: bool) -> None:
    practice = Practice()
    booked = practice.now()

    assert is_late(booked, booked.starts_at + timedelta(minutes=minutes)) is late
    assert not is_late(practice.mark("no-show"), booked.starts_at + timedelta(hours=1))


def rooms(made: Made) -> list[str]:
    with wearing(Role.DESK):
        return [room.name for room in rooms_now(made.id)]


def test_another_practices_rooms_are_not_offered() -> None:
    practice = Practice()

    assert rooms(practice.made) == ["Raum 1", "Raum 2"]
    assert rooms(make_bookable()[0]) == []
