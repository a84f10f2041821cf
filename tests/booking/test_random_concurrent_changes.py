"""Threads that hold, confirm, book, move, cancel and release at random, with no pause between.

The calendar is so small that they meet all the time. Afterwards the tables must tell one consistent story.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from uuid import UUID

import pytest

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.cancel import cancel_appointment, cancel_managed
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.hold import hold, release
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.booking.move import move_appointment, move_managed
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.clock import travelled
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import DomainError
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.practices.models import VisitType, VisitTypeNeed
from sprechzeit.vault import Secret
from tests.booking.at_once import all_at_once
from tests.factories import Made, in_days, make_person, make_practice, make_resource, make_visit_type, open_up, type_id

THREADS = 8
STEPS = 40


@dataclass
class World:
    """What all threads share: the practice, and every secret and id that anybody came to know."""

    made: Made
    visit_types: list[VisitType]
    starts: list[datetime]
    minutes: list[int]  # by which the clocks of the threads go apart; holds last ten
    holds: list[Secret] = field(default_factory=list)
    links: list[Secret] = field(default_factory=list)
    appointments: list[UUID] = field(default_factory=list)
    done: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def make_world(minutes: list[int]) -> World:
    made = make_practice(clinicians=2)
    room = make_resource(made, kind="room", name="Raum", capacity=2)
    device = make_resource(made, kind="device", name="Gerät")
    for resource in (*made.clinicians, room, device):
        open_up(made, resource, in_days(2, 9), in_days(2, 12))
    short = {"duration_minutes": 30, "grid_minutes": 15, "buffer_after_minutes": 5}
    visit_types = [
        make_visit_type(made, made.clinicians, [room], **short),
        make_visit_type(made, [room], made.clinicians),  # the other way round
        make_visit_type(made, made.clinicians[:1], [device], [room], duration_minutes=45, buffer_before_minutes=15),
        make_visit_type(made, [device]),
    ]
    starts = [in_days(2, 9) + timedelta(minutes=15 * n) for n in range(12)]
    return World(made, visit_types, starts, minutes)


def act(world: World, seed: int) -> list[Exception]:
    """A thread's life. Wears the desk's role or the front's, as the verb wants it."""
    chance = random.Random(seed)
    wrong: list[Exception] = []
    verbs = [
        hold_one,
        hold_one,
        confirm_one,
        confirm_one,
        book_one,
        move_own,
        move_own,
        move_any,
        move_any,
        cancel_own,
        cancel_any,
        release_one,
    ]
    for _ in range(STEPS):
        verb = chance.choice(verbs)
        try:
            with travelled(timedelta(minutes=chance.choice(world.minutes))):
                outcome = "nothing to do" if verb(world, chance) is False else "done"
        except DomainError as refusal:
            outcome = refusal.code
        except Exception as error:  # noqa: BLE001 - whatever else comes up is what this test is after
            outcome = type(error).__name__
            wrong.append(error)
        with world.lock:
            world.done[verb.__name__, outcome] += 1
    return wrong


def one_of(world: World, chance: random.Random, things: list) -> object | None:
    with world.lock:
        return chance.choice(things[-6:]) if things else None


def known(world: World, things: list, new: object) -> None:
    with world.lock:
        things.append(new)


def hold_one(world: World, chance: random.Random) -> object:
    visit_type, start = chance.choice(world.visit_types), chance.choice(world.starts)
    key = chance.choice(["", "", f"key-{chance.randrange(4)}"])
    held = hold(world.made.id, type_id(visit_type), start, key=key)
    return known(world, world.holds, held.secret)


def confirm_one(world: World, chance: random.Random) -> object:
    if not (secret := one_of(world, chance, world.holds)):
        return False
    booked = confirm(world.made.id, secret, make_person())
    known(world, world.links, booked.manage_secret)
    return known(world, world.appointments, booked.appointment_id)


def book_one(world: World, chance: random.Random) -> object:
    visit_type, start = chance.choice(world.visit_types), chance.choice(world.starts)
    with wearing(Role.DESK):
        made = book_at_desk(world.made.keys, world.made.actor, type_id(visit_type), start, make_person())
    return known(world, world.appointments, made.id)


def release_one(world: World, chance: random.Random) -> object:
    if not (secret := one_of(world, chance, world.holds)):
        return False
    return release(world.made.id, secret)


def move_own(world: World, chance: random.Random) -> object:
    if not (secret := one_of(world, chance, world.links)):
        return False
    return move_managed(world.made.id, secret, chance.choice(world.starts))


def cancel_own(world: World, chance: random.Random) -> object:
    if not (secret := one_of(world, chance, world.links)):
        return False
    return cancel_managed(world.made.id, secret)


def move_any(world: World, chance: random.Random) -> object:
    return at_the_desk(world, chance, partial(move_appointment, start=chance.choice(world.starts)))


def cancel_any(world: World, chance: random.Random) -> object:
    return at_the_desk(world, chance, cancel_appointment)


def at_the_desk(world: World, chance: random.Random, verb: Callable[..., object]) -> object:
    if not (appointment := one_of(world, chance, world.appointments)):
        return False
    with wearing(Role.DESK):
        seen = appointment_by_id(world.made.id, appointment)
        return verb(world.made.id, world.made.actor, appointment=seen.id, version=seen.version)


@pytest.mark.parametrize("minutes", [[0], [0, 0, 0, 11, 22]], ids=["holds live", "holds expire"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_at_once_the_tables_tell_one_story(seed: int, minutes: list[int]) -> None:
    world = make_world(minutes)

    results, _ = all_at_once([partial(act, world, 1000 * seed + thread) for thread in range(THREADS)])

    assert results == [[]] * THREADS
    assert {name for name, outcome in world.done if outcome == "done"} >= {"hold_one", "confirm_one", "book_one"}
    assert world.done["hold_one", "slot-taken"]
    with wearing(Role.DESK), acting_for(world.made.id):
        assert_one_story(world.made, holds_expire=len(minutes) > 1)


def assert_one_story(made: Made, *, holds_expire: bool) -> None:
    occupancies = list(
        Occupancy.objects.select_related("lane").filter(practice=made.id).order_by("lane_id", "starts_at")
    )
    for before, after in pairwise(occupancies):
        assert before.lane_id != after.lane_id or before.ends_at <= after.starts_at
    owners = {(one.appointment_id, one.hold_id) for one in occupancies}
    appointments = list(Appointment.objects.select_related("visit_type").filter(practice=made.id))
    going = [one for one in appointments if one.status != Appointment.Status.CANCELLED]
    holds = list(Hold.objects.select_related("visit_type").filter(practice=made.id))
    if holds_expire:  # others may have taken what an expired hold had
        holds = [one for one in holds if sum(row.hold_id == one.id for row in occupancies) == len(one.resource_ids)]
        owners = {(appointment, hold) for appointment, hold in owners if hold is None} | {
            (None, one.id) for one in holds
        }
    assert owners == {(one.id, None) for one in going} | {(None, one.id) for one in holds}
    for one in (*going, *holds):
        assert_served(one, [row for row in occupancies if one.id in (row.appointment_id, row.hold_id)])
    assert all(row.expires_at is None for row in occupancies if row.appointment_id)
    typed = {one.intake_id for one in appointments if one.intake_id}
    told = {one.patient_id for one in appointments if one.patient_id}
    assert typed == set(Intake.objects.filter(practice=made.id).values_list("id", flat=True))
    assert told == set(Patient.objects.filter(practice=made.id).values_list("id", flat=True))


def assert_served(one: Appointment | Hold, rows: list[Occupancy]) -> None:
    """Each need has exactly one lane, of a resource that serves it, for the visit and its buffers."""
    visit_type = one.visit_type
    begin = one.starts_at - timedelta(minutes=visit_type.buffer_before_minutes)
    end = one.starts_at + timedelta(minutes=visit_type.duration_minutes + visit_type.buffer_after_minutes)
    assert {(row.starts_at, row.ends_at) for row in rows} == {(begin, end)}
    needs: dict[int, set[int]] = {}
    for need in VisitTypeNeed.objects.filter(visit_type=visit_type).order_by("number"):
        needs.setdefault(need.number, set()).add(need.resource_id)
    assert sorted(row.lane.resource_id for row in rows) == sorted(one.resource_ids)
    assert len(one.resource_ids) == len(needs)
    assert all(resource in need for resource, need in zip(one.resource_ids, needs.values(), strict=True))
