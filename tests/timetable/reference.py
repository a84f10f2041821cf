"""What openings and free slots are, minute by minute: slow, obvious, and written without a look at the real thing.

Everything in the calendars of these tests lies on whole minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sprechzeit.timetable.expand import Exceptional, Rule
from sprechzeit.timetable.spans import Span

MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=2000)
def minutes_of(day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every minute, in UTC, at which a clock on the wall shows this date."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    around = (noon + minute * MINUTE for minute in range(-40 * 60, 40 * 60))
    return tuple(moment for moment in around if moment.astimezone(zone).date() == day)


def open_minutes(
    rules: Iterable[Rule],
    exceptions: Iterable[Exceptional],
    *,
    zone: ZoneInfo,
    since: date,
    until: date,
    holidays: Collection[date],
) -> set[datetime]:
    """All minutes from the local day ``since`` up to but not including ``until`` at which the resource is open."""
    rules, exceptions = list(rules), list(exceptions)
    found: set[datetime] = set()
    day = since
    while day < until:
        minutes = minutes_of(day, zone)
        regular: set[datetime] = set()
        for rule in rules:
            if _applies(rule, day, holidays):
                regular |= _open_by(rule, minutes, zone)
        for minute in minutes:
            kinds = {one.kind for one in exceptions if one.during.start <= minute < one.during.end}
            if "absence" in kinds:
                continue
            if "extra" in kinds or (minute in regular and "closure" not in kinds):
                found.add(minute)
        day += timedelta(days=1)
    return found


def spans_of(minutes: set[datetime]) -> list[Span]:
    """Minutes in a row as one span."""
    found: list[Span] = []
    for minute in sorted(minutes):
        if found and found[-1].end == minute:
            found[-1] = Span(found[-1].start, minute + MINUTE)
        else:
            found.append(Span(minute, minute + MINUTE))
    return found


def _applies(rule: Rule, day: date, holidays: Collection[date]) -> bool:
    last = rule.valid_until or date.max
    weeks = _week_number(day) - _week_number(rule.valid_from)
    switched_off = day in holidays and not rule.on_holidays
    return (
        day.isoweekday() == rule.weekday + 1
        and rule.valid_from <= day <= last
        and weeks % rule.every_weeks == 0
        and not switched_off
    )


def _week_number(day: date) -> int:
    """ISO weeks counted through all years."""
    year, week, _ = day.isocalendar()
    return date.fromisocalendar(year, week, 4).toordinal() // 7


def _open_by(rule: Rule, minutes: Sequence[datetime], zone: ZoneInfo) -> set[datetime]:
    """From the first minute that shows ``opens`` or later to the last one that shows less than ``closes``."""
    walls = [moment.astimezone(zone).time() for moment in minutes]
    first = next((n for n, wall in enumerate(walls) if wall >= rule.opens), len(walls))
    ends = time.max if rule.closes == time(0) else rule.closes
    last = max((n for n, wall in enumerate(walls) if wall < ends), default=-1)
    return set(minutes[first : last + 1])


def free_starts(
    needs: Sequence[Sequence[tuple[Collection[int], Sequence[Collection[int]]]]],
    candidates: Iterable[int],
    before: int,
    total: int,
) -> list[tuple[int, tuple[tuple[int, ...], ...]]]:
    """The starts that fit, each with the positions of the free alternatives of each need.

    Parameters
    ----------
    needs
        For each need its alternatives: the minutes that one is open, and for each of its lanes the minutes taken.
    candidates
        Minutes at which a visit may start.
    before, total
        Minutes kept free before the start, and all minutes that a visit takes with its buffers.
    """
    found = []
    for start in candidates:
        wanted = range(start - before, start - before + total)
        free = tuple(
            tuple(
                position
                for position, (opened, lanes) in enumerate(alternatives)
                if all(minute in opened for minute in wanted)
                and any(all(minute not in taken for minute in wanted) for taken in lanes)
            )
            for alternatives in needs
        )
        if all(free):
            found.append((start, free))
    return found
