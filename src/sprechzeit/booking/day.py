"""The desk's calendar: days with a column for each resource, its openings and its appointments, names opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.marks import NO_MARKS, Marks, marks_of
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.names import Name, name_of, names_of
from sprechzeit.booking.read import appointments_between
from sprechzeit.booking.spans import (
    Away,
    BlockShown,
    Span,
    absences_between,
    blocks_between,
    holds_between,
    openings_between,
    within,
)
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class Entry:
    """An appointment in a column. ``lane`` counts from 0 where a resource serves several at once."""

    appointment: Appointment
    who: Name
    lane: int = 0
    marks: Marks = NO_MARKS

    def __repr__(self) -> str:
        return "Entry(…)"


@dataclass(frozen=True)
class Column:
    """One resource on one day; spans are aware moments, half-open."""

    resource: Resource
    openings: tuple[Span, ...]
    entries: tuple[Entry, ...]
    held: tuple[Span, ...]
    absence: str = ""
    away: tuple[Away, ...] = ()
    blocks: tuple[BlockShown, ...] = ()


@dataclass(frozen=True)
class Day:
    """A local day of the practice."""

    day: date
    since: datetime
    until: datetime
    columns: tuple[Column, ...]
    cancelled: tuple[Entry, ...] = field(default=())

    @property
    def people(self) -> set[UUID]:
        """Whose names are shown: patients, or intakes of those who are not in the records yet."""
        entries = [*self.cancelled, *(one for column in self.columns for one in column.entries)]
        return {who for one in entries if (who := one.appointment.patient_id or one.appointment.intake_id)}


def day_of(keys: PracticeKeys, actor: Actor, practice: Practice, day: date, *, resources: Sequence[Resource]) -> Day:
    """The day with a column for each of these resources. Which patients were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    with acting_for(number):
        (found,) = days_of(keys, practice, day, 1, resources)
        if people := found.people:
            record(number, actor, "day.view", sorted(people), {"count": len(people)})
    return found


def days_of(
    keys: PracticeKeys, practice: Practice, first: date, count: int, resources: Sequence[Resource]
) -> list[Day]:
    """``count`` local days from ``first``; the queries are the same however many. The caller records it.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    midnights = [local_midnight(first + timedelta(days=one), practice.zone) for one in range(count + 1)]
    since, until = midnights[0], midnights[-1]
    ids = [one.id for one in resources]
    with acting_for(number):
        appointments = appointments_between(number, since, until, resources=ids)
        names = names_of(keys, appointments)
        marks = marks_of(keys, appointments)
        openings = openings_between(number, ids, since, until)
        holds = holds_between(number, since, until)
        blocks = blocks_between(keys, since, until)
        away = absences_between(number, since, until)
    entries = [Entry(one, name_of(names, one), 0, marks.get(one.id, NO_MARKS)) for one in appointments]
    days = []
    for offset, (start, end) in enumerate(pairwise(midnights)):
        of_day = [one for one in entries if start <= one.appointment.starts_at < end]
        going = [one for one in of_day if one.appointment.status != Appointment.Status.CANCELLED]
        gone = [one for one in away if one.start < end and start < one.end]
        columns = tuple(
            Column(
                resource,
                within(openings.get(resource.id, ()), start, end),
                tuple(in_lanes(one for one in going if resource.id in one.appointment.resource_ids)),
                within(holds.get(resource.id, ()), start, end),
                _label(gone, resource.id),
                tuple(one for one in gone if one.resource_id in (None, resource.id)),
                tuple(one for one in blocks.get(resource.id, ()) if one.start < end and start < one.end),
            )
            for resource in resources
        )
        cancelled = tuple(one for one in of_day if one.appointment.status == Appointment.Status.CANCELLED)
        days.append(Day(first + timedelta(days=offset), start, end, columns, cancelled))
    return days


def appointments_of_day(keys: PracticeKeys, actor: Actor, practice: Practice, day: date) -> list[Entry]:
    """All appointments of a local day, cancelled ones included, names opened, earliest first; it is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    with acting_for(number):
        found = appointments_between(
            number, local_midnight(day, practice.zone), local_midnight(day + timedelta(days=1), practice.zone)
        )
        names = names_of(keys, found)
        if names:
            record(number, actor, "day.view", sorted(names), {"count": len(names)})
    return [Entry(one, name_of(names, one)) for one in found]


def in_lanes(entries: Iterable[Entry]) -> list[Entry]:
    """Place entries that overlap side by side, each in the first lane that is free again."""
    ends: list[datetime] = []
    placed: list[Entry] = []
    for entry in entries:
        starts_at = entry.appointment.starts_at
        lane = next((number for number, end in enumerate(ends) if end <= starts_at), len(ends))
        ends[lane : lane + 1] = [entry.appointment.ends_at]
        placed.append(Entry(entry.appointment, entry.who, lane, entry.marks))
    return placed


def _label(away: Sequence[Away], resource: int) -> str:
    """The first label of the resource's absences, else of a closure."""
    for wanted in (resource, None):
        for one in away:
            if one.resource_id == wanted and one.label:
                return one.label
    return ""
