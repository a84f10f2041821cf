"""Rules and exceptions in few words, and the openings that were made of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource
from sprechzeit.timetable.expand import Exceptional, Rule
from sprechzeit.timetable.models import Opening, ScheduleException, WeeklyRule
from sprechzeit.timetable.rules import add_rule
from sprechzeit.timetable.schedule_exceptions import add_exception
from sprechzeit.timetable.spans import Span
from tests.factories import BERLIN, Made

Shown = list[tuple[time, time]]


def weekly(weekday: int, opens: int = 8, closes: int = 12, **fields: Any) -> Rule:
    """Full hours; since long ago."""
    return Rule(weekday, time(opens), time(closes % 24), **{"valid_from": date(2020, 1, 6), **fields})


def open_weekly(made: Made, rule: Rule, resource: Resource | None = None) -> WeeklyRule:
    with wearing(Role.DESK):
        return add_rule(made.id, made.actor, ResourceId((resource or made.clinicians[0]).id), rule)


def except_in(
    made: Made, kind: Any, start: datetime, end: datetime, resource: Resource | None = None, label: str = ""
) -> ScheduleException:
    with wearing(Role.DESK):
        return add_exception(
            made.id,
            made.actor,
            Exceptional(kind, Span(start, end)),
            resource=ResourceId(resource.id) if resource else None,
            label=label,
        )


def hours(made: Made, day: date, resource: Resource | None = None) -> Shown:
    """When it is open on that local day, as clocks on the wall show it."""
    found = [span for span in openings(made, resource) if span[0].date() == day]
    return [(start.time(), end.time()) for start, end in found]


def openings(made: Made, resource: Resource | None = None) -> list[tuple[datetime, datetime]]:
    """All openings in Berlin's time, earliest first."""
    with wearing(Role.DESK), acting_for(made.id):
        rows = Opening.objects.filter(practice=made.id, resource=resource or made.clinicians[0]).order_by("starts_at")
        return [(row.starts_at.astimezone(BERLIN), row.ends_at.astimezone(BERLIN)) for row in rows]
