"""A practice at work, in which one session walks some of the patients: who was reached is known exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.card import card_of
from sprechzeit.booking.day import day_of
from sprechzeit.booking.inbox import inbox
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.incident.concerned import Extent, Wanted
from sprechzeit.incident.extent import extent_of
from sprechzeit.origin import Origin, coming_from
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.search import search
from sprechzeit.practices.models import VisitType
from sprechzeit.rights.access import Identity, patient_access
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import Member, Membership
from tests.factories import BERLIN, Made, in_days, make_bookable, make_person, type_id

THIEF, WORKER = "203.0.113.7", "198.51.100.20"


@dataclass
class House:
    """``thief`` has the stolen session of ``member``; ``reached`` is filled by whoever walks."""

    made: Made
    visit_type: VisitType
    patients: list[UUID]
    booked: dict[UUID, Appointment]
    thief: Actor
    member: Actor
    other: Actor
    reached: set[UUID] = field(default_factory=set)
    begun: datetime = field(default_factory=clock.now)


def make_house(*, patients: int = 12, visits: int = 6) -> House:
    """The first ``visits`` of them with an appointment on a day of their own."""
    made, visit_type = make_bookable(days=max(3, visits + 1))
    member, other = (_member(made) for _ in range(2))
    with wearing(Role.DESK):
        ids = [create_patient(made.keys, made.actor, make_person(last_name=name(n))) for n in range(patients)]
        booked = {
            one: book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(day, 9), one)
            for day, one in enumerate(ids[:visits], start=1)
        }
    stolen, own = str(new_id()), str(new_id())
    return House(
        made,
        visit_type,
        ids,
        booked,
        Actor("member", str(member), stolen),
        Actor("member", str(member), own),
        Actor("member", str(other), str(new_id())),
    )


NAMES = [
    *("Abendroth", "Bachmeier", "Czerny", "Dombrowski", "Eulenspiegel", "Faber", "Grünwald", "Hoffmann", "Ivanova"),
    *("Jankowski", "Kowalczyk", "Lindqvist", "Mbemba", "Nguyen", "Oyelaran", "Pfitzner", "Quast", "Rademacher"),
]


def name(number: int) -> str:
    """So different that the search takes none for another."""
    return NAMES[number]


def _member(made: Made) -> UUID:
    with wearing(Role.DESK), acting_for(made.id):
        member = Member.objects.create()
        add_membership(made.keys, member.id, Membership.Role.RECEPTION, "Empfang")
    return member.id


Way = Callable[[House, Actor, int], None]


def by_card(house: House, actor: Actor, number: int) -> None:
    patient_card(house.made.keys, actor, house.patients[number])


def by_search(house: House, actor: Actor, number: int) -> None:
    found = search(house.made.keys, actor, name(number))
    assert len(found) == 1


def by_day(house: House, actor: Actor, number: int) -> None:
    day = house.booked[house.patients[number]].starts_at.astimezone(BERLIN).date()
    day_of(house.made.keys, actor, house.made.practice, day, resources=house.made.clinicians)


def by_appointment(house: House, actor: Actor, number: int) -> None:
    card_of(house.made.keys, actor, house.booked[house.patients[number]].id)


def by_export(house: House, actor: Actor, number: int) -> None:
    patient_access(house.made.keys, actor, house.patients[number], Identity.IN_PERSON, form="json")


def by_moving(house: House, actor: Actor, number: int) -> None:
    """Half an hour later or earlier on the same day."""
    found = Appointment.objects.filter(practice=house.made.id, id=house.booked[house.patients[number]].id)
    with acting_for(house.made.id):
        row = found.get()
    step = timedelta(minutes=30 if row.starts_at.astimezone(BERLIN).hour == 9 and not row.starts_at.minute else -30)
    move_appointment(house.made.id, actor, row.id, row.starts_at + step, version=row.version)


def by_inbox(house: House, actor: Actor, number: int) -> None:
    """Nobody waits there."""
    inbox(house.made.keys, actor)


ANYBODY: list[Way] = [by_card, by_search, by_export]
WITH_VISIT: list[Way] = [by_day, by_appointment, by_moving]


def walk(house: House, actor: Actor, way: Way, number: int, at: datetime, *, address: str = WORKER) -> None:
    """One look at one patient, at this moment, from there."""
    with wearing(Role.DESK), coming_from(Origin(address)), clock.travelled(at - clock.now()):
        way(house, actor, number)


def extent(house: House, since: datetime, until: datetime, **wanted: object) -> Extent:
    with wearing(Role.DESK):
        return extent_of(house.made.id, Wanted(since, until, **wanted))


def ids(extent: Extent) -> set[UUID]:
    return {one.id for one in extent.certain}


def by_move_of(number: int) -> Way:
    """Always this one's appointment."""
    return lambda house, actor, _number: by_moving(house, actor, number)
