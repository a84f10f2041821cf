"""The frame of a time grid: which moments its rows of five minutes stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sprechzeit.booking.day import Day
from sprechzeit.timetable.wall_clock import local_midnight

ROW = timedelta(minutes=5)
HOUR = timedelta(hours=1)
USUAL = (8, 18)  # hours shown on an empty day
Hours = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Placed:
    """Something on the grid: first row and number of rows; the moments are local."""

    row: int
    rows: int
    start: datetime
    end: datetime

    @property
    def look(self) -> str:
        """The classes that place it: the content policy allows no inline styles."""
        return f"r{self.row} s{self.rows}"


@dataclass(frozen=True)
class Frame:
    """The hours of one day that a grid shows, in UTC: when the clocks change, the wall tells other hours than pass."""

    since: datetime
    until: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, day: Day, zone: ZoneInfo, hours: Hours) -> Frame:
        midnight = local_midnight(day.day, zone)
        first, last = (midnight + timedelta(hours=hour) for hour in hours)
        return cls(first.astimezone(UTC), last.astimezone(UTC), zone)

    @property
    def rows(self) -> int:
        return -((self.since - self.until) // ROW)

    @property
    def hours(self) -> tuple[Placed, ...]:
        count = (self.until - self.since) // HOUR
        return tuple(self.place(self.since + HOUR * one, self.since + HOUR * (one + 1)) for one in range(count))

    def row_of(self, moment: datetime) -> int | None:
        """The row of a moment, None when it is outside."""
        return (moment - self.since) // ROW + 1 if self.since <= moment < self.until else None

    def place(self, start: datetime, end: datetime) -> Placed:
        """Where a span stands, cut to what is shown."""
        start, end = max(start, self.since), min(end, self.until)
        return Placed(
            (start - self.since) // ROW + 1,
            max(1, -((start - end) // ROW)),
            start.astimezone(self.zone),
            end.astimezone(self.zone),
        )

    def holds(self, start: datetime, end: datetime) -> bool:
        return start < self.until and self.since < end

    def place_all(self, spans: Iterable[tuple[datetime, datetime]]) -> tuple[Placed, ...]:
        """Where these spans stand; what lies outside is left out."""
        return tuple(self.place(start, end) for start, end in spans if self.holds(start, end))


def hours_shown(day: Day, zone: ZoneInfo) -> Hours:
    """The usual hours, and whatever of this day lies outside them."""
    spans = [span for column in day.columns for span in column.openings]
    spans += [(one.appointment.starts_at, one.appointment.ends_at) for c in day.columns for one in c.entries]
    spans += [(one.start, one.end) for column in day.columns for one in column.blocks]
    local = [(start.astimezone(zone), end.astimezone(zone)) for start, end in spans]
    starts = [start.hour for start, _ in local if start.date() == day.day]
    ends = [end.hour + (end.minute > 0) for _, end in local if end.date() == day.day]
    past_midnight = [24 for _, end in local if end.date() > day.day]
    return min([USUAL[0], *starts]), max([USUAL[1], *ends, *past_midnight])
