"""From the wall clock of a practice to the one moment that is meant, on days with a change of the clocks too.

``datetime.fold`` (PEP 495) tells the two readings of a wall-clock time apart: where the time exists twice,
fold 0 is the first; where it does not exist, fold 0 reckons with the offset before the change and so lies
after fold 1.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def opening_moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which something opens at this local time: the first where it exists twice.

    A time that the clocks skip is the moment of the change.
    """
    before, after = _readings(day, wall, zone)
    return before if before <= after else _change_between(after, before, zone)


def closing_moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which something closes at this local time: the second where it exists twice.

    So no hour is lost on the long day. A time that the clocks skip is the moment of the change; 00:00 is the
    end of the day.
    """
    if wall == time():
        return start_of_day(day + timedelta(days=1), zone)
    before, after = _readings(day, wall, zone)
    return after if before <= after else _change_between(after, before, zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which a local day begins; where midnight is skipped, the change."""
    return opening_moment(day, time(), zone)


def _readings(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, wall, tzinfo=zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _change_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clocks of ``zone`` change in ``(early, late]``."""
    old = early.astimezone(zone).utcoffset()
    seconds = range(int((late - early).total_seconds()) + 1)
    change = bisect_left(
        seconds,
        True,
        key=lambda second: (early + timedelta(seconds=second)).astimezone(zone).utcoffset() != old,
    )
    return early + timedelta(seconds=change)


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, time(), tzinfo=zone)
