"""Who did not come: how often, by visit type, weekday and lead time; and how often one patient did not before.

The figures are made of what stands in the clear; no name is opened. Nobody is refused anything because of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from uuid import UUID

from django.db.models import Count

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.database.statements import fetch_planned, statement_beside
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.timetable.wall_clock import local_midnight

COUNTED = statement_beside(__file__, "no_shows.sql")


class Lead(IntEnum):
    """How long before the start it was booked, as ``no_shows.sql`` numbers it."""

    DAY = 0
    WEEK = 1
    MONTH = 2
    LONGER = 3


@dataclass(frozen=True)
class Figures:
    """``booked`` took place or should have; ``missed`` and ``unmarked`` (nobody noted who came) are among them."""

    booked: int = 0
    missed: int = 0
    late: int = 0
    unmarked: int = 0

    @property
    def rate(self) -> float:
        """Missed of a hundred that were booked; 0 where none was."""
        return self.missed * 100 / self.booked if self.booked else 0.0


@dataclass(frozen=True)
class NoShows:
    """All of a span. Weekdays are 1 (Monday) to 7; what did not occur is left out."""

    total: Figures
    by_type: list[tuple[VisitType, Figures]]
    by_weekday: list[tuple[int, Figures]]
    by_lead: list[tuple[Lead, Figures]]


def no_shows(practice: Practice, first: date, last: date) -> NoShows:
    """Of the local days from ``first`` to ``last``, both included, as far as they are over."""
    number = PracticeId(practice.id)
    until = min(local_midnight(last + timedelta(days=1), practice.zone), clock.now())
    since = local_midnight(first, practice.zone)
    asked = {"practice": number, "zone": practice.time_zone, "since": since, "until": until}
    total = Figures()
    types: dict[int, Figures] = {}
    weekdays: list[tuple[int, Figures]] = []
    leads: list[tuple[Lead, Figures]] = []
    with acting_for(number):
        for visit_type, weekday, lead, *counts in fetch_planned(COUNTED, asked):
            figures = Figures(*counts)
            if visit_type is not None:
                types[visit_type] = figures
            elif weekday is not None:
                weekdays.append((weekday, figures))
            elif lead is not None:
                leads.append((Lead(lead), figures))
            else:
                total = figures
        rows = VisitType.objects.filter(practice=number, id__in=types).order_by("position", "id")
        return NoShows(total, [(one, types[one.id]) for one in rows], weekdays, leads)


def missed_by(practice: PracticeId, patients: Collection[UUID]) -> dict[UUID, int]:
    """How often each of these did not come, as far as it is kept; who always came is left out."""
    with acting_for(practice):
        theirs = Appointment.objects.filter(practice=practice, patient__in=list(patients))
        missed = theirs.filter(status=Appointment.Status.NO_SHOW).values_list("patient")
        return dict(missed.annotate(count=Count("id")))
