"""Where things stand on the day's time grid: rows of five minutes from the first hour shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import pgettext

from sprechzeit import clock
from sprechzeit.booking.day import Column, Day, Entry
from sprechzeit.booking.offer import local_midnight

ROW = timedelta(minutes=5)
CELL = timedelta(minutes=15)
HOUR = timedelta(hours=1)
USUAL = (8, 18)  # hours shown on an empty day


@dataclass(frozen=True)
class Placed:
    """Something on the grid: first row and number of rows."""

    row: int
    rows: int
    start: datetime
    end: datetime


@dataclass(frozen=True, repr=False)
class PlacedEntry:
    """An appointment on the grid."""

    at: Placed
    entry: Entry
    lane: int


@dataclass(frozen=True, repr=False)
class GridColumn:
    """A column of the grid, with the free cells that can be clicked to book."""

    column: Column
    open: tuple[Placed, ...]
    cells: tuple[Placed, ...]
    held: tuple[Placed, ...]
    entries: tuple[PlacedEntry, ...]
    lanes: int
    since: datetime
    day: date
    now_row: int | None


@dataclass(frozen=True, repr=False)
class Grid:
    """Columns side by side, ``rows`` rows of five minutes each. ``now_row`` is None when now is in none of them."""

    rows: int
    hours: tuple[Placed, ...]
    columns: tuple[GridColumn, ...]
    now_row: int | None


def lay_out_week(days: Sequence[Day], zone: ZoneInfo) -> Grid:
    """Days side by side, each with its own columns, all with the same hours."""
    shown = [_hours_shown(day, zone) for day in days]
    window = min(first for first, _ in shown), max(last for _, last in shown)
    grids = [lay_out(day, zone, window) for day in days]
    columns = tuple(column for grid in grids for column in grid.columns)
    longest = max(grids, key=lambda grid: grid.rows)
    now_row = next((grid.now_row for grid in grids if grid.now_row), None)
    return Grid(longest.rows, longest.hours, columns, now_row)


def lay_out(day: Day, zone: ZoneInfo, window: tuple[int, int] | None = None) -> Grid:
    """Place a day on the grid; without a window it shows the usual hours and whatever lies outside them."""
    first, last = window or _hours_shown(day, zone)
    # In UTC from here on: on the days when the clocks change, hours on the wall are not hours that pass.
    since = (local_midnight(day.day, zone) + timedelta(hours=first)).astimezone(UTC)
    until = (local_midnight(day.day, zone) + timedelta(hours=last)).astimezone(UTC)

    def place(start: datetime, end: datetime) -> Placed:
        start, end = max(start, since), min(end, until)
        return Placed(
            (start - since) // ROW + 1,
            max(1, -((start - end) // ROW)),
            start.astimezone(zone),
            end.astimezone(zone),
        )

    hours = tuple(
        place(since + HOUR * number, since + HOUR * (number + 1)) for number in range((until - since) // HOUR)
    )
    now = clock.now()
    now_row = (now - since) // ROW + 1 if since <= now < until else None
    columns = []
    for column in day.columns:
        opened = tuple(place(start, end) for start, end in column.openings)
        entries = tuple(
            PlacedEntry(place(one.appointment.starts_at, one.appointment.ends_at), one, one.lane + 1)
            for one in column.entries
        )
        cells = tuple(place(at, at + CELL) for at in _free_cells(column))
        held = tuple(place(start, end) for start, end in column.held)
        lanes = max([column.resource.capacity, *(entry.lane for entry in entries)])
        columns.append(GridColumn(column, opened, cells, held, entries, min(lanes, 6), since, day.day, now_row))
    return Grid(-((since - until) // ROW), hours, tuple(columns), now_row)


def _hours_shown(day: Day, zone: ZoneInfo) -> tuple[int, int]:
    spans = [span for column in day.columns for span in column.openings]
    spans += [(one.appointment.starts_at, one.appointment.ends_at) for c in day.columns for one in c.entries]
    starts = [start.astimezone(zone).hour for start, _ in spans if start.astimezone(zone).date() == day.day]
    ends = [
        end.astimezone(zone).hour + (end.astimezone(zone).minute > 0)
        for _, end in spans
        if end.astimezone(zone).date() == day.day
    ]
    past_midnight = [24 for _, end in spans if end.astimezone(zone).date() > day.day]
    return min([USUAL[0], *starts]), max([USUAL[1], *ends, *past_midnight])


def _free_cells(column: Column) -> list[datetime]:
    """Starts of free quarter hours within the openings."""
    taken = [(one.appointment.starts_at, one.appointment.ends_at) for one in column.entries] + list(column.held)
    cells = []
    for start, end in column.openings:
        at = start
        while at + CELL <= end:
            overlapping = sum(1 for begun, ended in taken if begun < at + CELL and at < ended)
            if overlapping < column.resource.capacity:
                cells.append(at)
            at += CELL
    return cells


def long_date(day: date) -> str:
    """Weekday and date in the page's language."""
    return date_format(day, pgettext("date format", "l, j. F Y"))
