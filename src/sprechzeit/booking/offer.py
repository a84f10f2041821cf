"""What is offered to patients: free slots within the visit type's lead time and horizon, by local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sprechzeit import clock
from sprechzeit.booking.rules import earliest_start, latest_start
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.timetable.availability import Slot, free_slots

WINDOW = timedelta(days=14)


@dataclass(frozen=True)
class OfferedDay:
    """A local day with its slots, earliest first; never empty."""

    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Offer:
    """Days with slots; ``more_from`` is the day to go on with, None when the horizon is reached."""

    days: tuple[OfferedDay, ...]
    more_from: date | None


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, time(), tzinfo=zone)


def offered(
    practice: Practice, visit_type: VisitType, *, since: date | None, days: int, resource: ResourceId | None = None
) -> Offer:
    """The next ``days`` local days that have slots, from ``since`` (today when None).

    Looks ahead window by window, so that a full month costs one more query and not an empty page.
    """
    now = clock.now()
    cursor = earliest_start(visit_type, now)
    if since is not None:
        cursor = max(cursor, local_midnight(since, practice.zone))
    end = latest_start(visit_type, now)
    found: list[OfferedDay] = []
    while cursor < end and len(found) <= days:
        until = min(local_midnight((cursor + WINDOW).astimezone(practice.zone).date(), practice.zone), end)
        slots = free_slots(PracticeId(practice.id), VisitTypeId(visit_type.id), cursor, until, resource=resource)
        found += by_day(slots, practice.zone)
        cursor = until
    more = found[days].day if len(found) > days else None
    return Offer(tuple(found[:days]), more)


def by_day(slots: list[Slot], zone: ZoneInfo) -> list[OfferedDay]:
    """Group slots, earliest first, by local day."""
    grouped = groupby(slots, key=lambda slot: slot.start.astimezone(zone).date())
    return [OfferedDay(day, tuple(of_day)) for day, of_day in grouped]


def alternatives(
    practice: Practice,
    visit_type: VisitType,
    start: datetime,
    *,
    resource: ResourceId | None = None,
    ignoring: UUID | None = None,
    count: int = 6,
) -> tuple[Slot, ...]:
    """The free slots nearest to ``start``, for whoever has just lost that one."""
    now = clock.now()
    since = max(earliest_start(visit_type, now), start - timedelta(days=3))
    until = min(latest_start(visit_type, now), start + timedelta(days=14))
    if since >= until:
        return ()
    near = free_slots(
        PracticeId(practice.id),
        VisitTypeId(visit_type.id),
        since,
        until,
        resource=resource,
        ignoring=ignoring,
    )
    nearest = sorted(near, key=lambda slot: (abs(slot.start - start), slot.start))[:count]
    return tuple(sorted(nearest, key=lambda slot: slot.start))
