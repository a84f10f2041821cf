"""Appointments one after the other, over one or more days, names opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.day import Entry
from sprechzeit.booking.marks import NO_MARKS, marks_of
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.names import name_of, names_of
from sprechzeit.booking.read import appointments_between
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.vault import PracticeKeys

MOST_DAYS = 14


@dataclass(frozen=True, repr=False)
class AgendaDay:
    """A local day with its appointments, earliest first; cancelled ones are left out."""

    day: date
    entries: tuple[Entry, ...]

    def __repr__(self) -> str:
        return "AgendaDay(…)"


def agenda_of(
    keys: PracticeKeys,
    actor: Actor,
    practice: Practice,
    first: date,
    days: int,
    *,
    resources: Sequence[Resource] | None = None,
) -> list[AgendaDay]:
    """``days`` local days from ``first``, of these resources or of all. Which patients were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    midnights = [local_midnight(first + timedelta(days=one), practice.zone) for one in range(days + 1)]
    ids = None if resources is None else [one.id for one in resources]
    with acting_for(number):
        found = appointments_between(number, midnights[0], midnights[-1], resources=ids)
        going = [one for one in found if one.status != Appointment.Status.CANCELLED]
        names = names_of(keys, going)
        marks = marks_of(keys, going)
        if names:
            record(number, actor, "agenda.view", sorted(names), {"count": len(names)})
    entries = [Entry(one, name_of(names, one), 0, marks.get(one.id, NO_MARKS)) for one in going]
    return [
        AgendaDay(
            first + timedelta(days=offset),
            tuple(one for one in entries if start <= one.appointment.starts_at < end),
        )
        for offset, (start, end) in enumerate(pairwise(midnights))
    ]
