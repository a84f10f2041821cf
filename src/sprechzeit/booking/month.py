"""How full the days of a month are. Nothing about any person is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sprechzeit.database.statements import fetch_planned, statement_beside
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.models import ScheduleException
from sprechzeit.timetable.wall_clock import local_midnight

LOAD = statement_beside(__file__, "month_load.sql")


@dataclass(frozen=True)
class Load:
    """Minutes of one local day, over all places of the resources asked for, and how many appointments begin."""

    day: date
    opened: int
    booked: int
    free: int
    appointments: int

    @property
    def percent(self) -> int:
        """Booked of what is opened, 0 to 100; a day that is not opened is full as soon as somebody is booked."""
        if not self.opened:
            return 100 if self.booked else 0
        return min(100, self.booked * 100 // self.opened)


def load_between(practice: Practice, first: date, last: date, resources: Sequence[int]) -> list[Load]:
    """The load of each local day from ``first`` to ``last``, both included, in one statement."""
    number = PracticeId(practice.id)
    with acting_for(number):
        rows = fetch_planned(
            LOAD,
            {
                "practice": number,
                "zone": practice.time_zone,
                "first": first,
                "last": last,
                "resources": list(resources),
            },
        )
    return [Load(*row) for row in rows]


def closures_between(practice: Practice, first: date, last: date) -> dict[date, str]:
    """The days on which the practice is closed, wholly or in part, with what it wrote, from ``first`` to ``last``."""
    number = PracticeId(practice.id)
    days = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    starts: list[datetime] = [local_midnight(day, practice.zone) for day in [*days, last + timedelta(days=1)]]
    with acting_for(number):
        rows = ScheduleException.objects.filter(
            practice=number, kind=ScheduleException.Kind.CLOSURE, during__overlap=(starts[0], starts[-1])
        )
        closures = list(rows.order_by("-during", "id").values_list("during", "label"))
    return {
        day: label
        for during, label in closures
        for day, start, end in zip(days, starts, starts[1:], strict=False)
        if during.lower < end and start < during.upper
    }
