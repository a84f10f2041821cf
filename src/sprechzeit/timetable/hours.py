"""The hours of the coming days as patients read them: when at least one clinician is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.holidays import holiday_name
from sprechzeit.timetable.wall_clock import local_midnight

DAYS = 7

# The clinicians' openings laid over each other, by local day; an opening never crosses midnight.
HOURS = """
    select day, lower(span), upper(span)
    from (
        select (starts_at at time zone %(zone)s)::date as day, range_agg(during) as spans
        from resource
        join opening on opening.resource_id = resource.id
        where resource.practice_id = %(practice)s
            and resource.kind = 'clinician'
            and resource.retired_at is null
            and opening.starts_at >= %(first)s
            and opening.starts_at < %(behind)s
        group by day
    ) as by_day, unnest(spans) as span
    order by 1, 2
"""


@dataclass(frozen=True)
class HoursOfDay:
    """A local day; without spans it is closed. ``holiday`` is the name of a public holiday, else empty."""

    day: date
    spans: tuple[tuple[datetime, datetime], ...]
    holiday: str = ""


def coming_hours(practice: Practice, *, language: str = "de", days: int = DAYS) -> list[HoursOfDay]:
    """From today on, from the openings themselves: absences, closures and extra hours count."""
    today = clock.now().astimezone(practice.zone).date()
    first, behind = local_midnight(today, practice.zone), local_midnight(today + timedelta(days=days), practice.zone)
    with acting_for(PracticeId(practice.id)), connections[current_alias()].cursor() as cursor:
        cursor.execute(HOURS, {"practice": practice.id, "zone": practice.time_zone, "first": first, "behind": behind})
        rows = cursor.fetchall()
    by_day: dict[date, list[tuple[datetime, datetime]]] = {today + timedelta(days=n): [] for n in range(days)}
    for day, start, end in rows:
        by_day[day].append((start, end))
    return [
        HoursOfDay(day, tuple(found), holiday_name(practice.subdivision, day, language))
        for day, found in by_day.items()
    ]
