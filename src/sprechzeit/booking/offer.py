"""What is offered to patients: free slots within the visit type's lead time and horizon, by local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sprechzeit import clock
from sprechzeit.booking.quota import full_days
from sprechzeit.booking.rules import earliest_start, latest_start
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.timetable.availability import Slot, free_slots
from sprechzeit.timetable.wall_clock import local_midnight

WINDOW = timedelta(days=14)
NOON = 12


class PartOfDay(StrEnum):
    """Before and after local noon."""

    MORNING = "vormittag"
    AFTERNOON = "nachmittag"


def part_of(moment: datetime, zone: ZoneInfo) -> PartOfDay:
    """In which part of its local day a moment lies."""
    return PartOfDay.MORNING if moment.astimezone(zone).hour < NOON else PartOfDay.AFTERNOON


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


def offered(
    practice: Practice,
    visit_type: VisitType,
    *,
    since: date | None,
    days: int,
    resource: ResourceId | None = None,
    with_code: bool = False,
    part: PartOfDay | None = None,
) -> Offer:
    """The next ``days`` local days that have slots, from ``since`` (today when None).

    ``with_code`` also offers what is reserved for those with a code, ``part`` only mornings or afternoons.

    Looks ahead window by window, so that a full month costs one more query and not an empty page.
    """
    now = clock.now()
    cursor = earliest_start(visit_type, now)
    if since is not None:
        cursor = max(cursor, local_midnight(since, practice.zone))
    end = latest_start(visit_type, now, with_code=with_code)
    found: list[OfferedDay] = []
    while cursor < end and len(found) <= days:
        # Twice as many days as are still wanted: closed ones lie between, and whoever wants one day needs no fortnight.
        window = min(WINDOW, timedelta(days=2 * (days + 1 - len(found))))
        until = min(local_midnight((cursor + window).astimezone(practice.zone).date(), practice.zone), end)
        slots = free_slots(PracticeId(practice.id), VisitTypeId(visit_type.id), cursor, until, resource=resource)
        wanted = [slot for slot in slots if part is None or part_of(slot.start, practice.zone) == part]
        found += _not_full(practice, visit_type, by_day(wanted, practice.zone))
        cursor = until
    more = found[days].day if len(found) > days else None
    return Offer(tuple(found[:days]), more)


def by_day(slots: list[Slot], zone: ZoneInfo) -> list[OfferedDay]:
    """Group slots, earliest first, by local day."""
    grouped = groupby(slots, key=lambda slot: slot.start.astimezone(zone).date())
    return [OfferedDay(day, tuple(of_day)) for day, of_day in grouped]


def _not_full(practice: Practice, visit_type: VisitType, days: list[OfferedDay]) -> list[OfferedDay]:
    with acting_for(PracticeId(practice.id)):
        full = full_days(practice, visit_type, [one.day for one in days])
    return [one for one in days if one.day not in full]


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
    open_days = _not_full(practice, visit_type, by_day(near, practice.zone))
    near = [slot for one in open_days for slot in one.slots]
    nearest = sorted(near, key=lambda slot: (abs(slot.start - start), slot.start))[:count]
    return tuple(sorted(nearest, key=lambda slot: slot.start))
