"""The time grid: columns with what stands on their rows, as the template writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from sprechzeit import clock
from sprechzeit.booking.day import Column, Day
from sprechzeit.practices.models import Resource
from sprechzeit.web.desk.beside import beside, lanes_of
from sprechzeit.web.desk.cells import Cell, FreeStarts, Labelled, absences, blocks, cells_of, starts_of
from sprechzeit.web.desk.entry import Writer
from sprechzeit.web.desk.placing import Frame, Hours, Placed, hours_shown

ZOOMS = {5: 20, 10: 12, 15: 10, 30: 7}
"""Minutes of a line, and how many pixels five minutes are high then (as in ``desk-day.css``)."""
USUAL_ZOOM = 15
SIZES = ((10, " entry--sliver"), (18, " entry--short entry--thin"), (38, " entry--short"))
"""Pixels below which an entry has room for no line, for a small one, for one."""


@dataclass(frozen=True, repr=False)
class GridColumn:
    """A column of the grid. ``free`` are the places of a visit type that is looked for, else any can be clicked."""

    resource: Resource
    day: date
    label: str
    absence: str
    open: tuple[Placed, ...]
    away: tuple[Labelled, ...]
    cells: tuple[Cell, ...]
    free: tuple[Cell, ...]
    held: tuple[Placed, ...]
    blocks: tuple[Labelled, ...]
    entries: SafeString
    lanes: int
    since: datetime
    now_row: int | None


@dataclass(frozen=True, repr=False)
class Grid:
    """Columns side by side, ``rows`` rows of five minutes each. ``now_row`` is None when now is in none of them."""

    rows: int
    hours: tuple[Placed, ...]
    columns: tuple[GridColumn, ...]
    now_row: int | None
    zoom: int

    @property
    def days(self) -> list[tuple[date, int]]:
        """Each day shown, and how many columns it has."""
        days = [column.day for column in self.columns]
        return [(day, days.count(day)) for day in dict.fromkeys(days)]


def lay_out_week(days: Sequence[Day], zone: ZoneInfo, zoom: int = USUAL_ZOOM, *, may_book: bool = False) -> Grid:
    """Days side by side, each with its own columns, all with the same hours."""
    shown = [hours_shown(day, zone) for day in days]
    hours = min(first for first, _ in shown), max(last for _, last in shown)
    grids = [lay_out(day, zone, zoom, hours=hours, may_book=may_book) for day in days]
    longest = max(grids, key=lambda grid: grid.rows)
    now_row = next((grid.now_row for grid in grids if grid.now_row), None)
    return Grid(longest.rows, longest.hours, tuple(one for grid in grids for one in grid.columns), now_row, zoom)


def lay_out(
    day: Day,
    zone: ZoneInfo,
    zoom: int = USUAL_ZOOM,
    *,
    may_book: bool = False,
    hours: Hours | None = None,
    free: Mapping[int, FreeStarts] | None = None,
) -> Grid:
    """Place a day on the grid; without ``hours`` it shows the usual ones and whatever lies outside them.

    ``free`` are the places of a visit type by resource: then only these can be clicked to book.
    """
    frame = Frame.of(day, zone, hours or hours_shown(day, zone))
    writer = Writer(may_book=may_book)
    columns = tuple(_column(day.day, one, frame, zoom, writer, free) for one in day.columns)
    return Grid(frame.rows, frame.hours, columns, frame.row_of(clock.now()), zoom)


def _column(
    day: date, column: Column, frame: Frame, zoom: int, writer: Writer, free: Mapping[int, FreeStarts] | None
) -> GridColumn:
    resource = column.resource
    return GridColumn(
        resource=resource,
        day=day,
        label=f"{long_date(day)}, {resource.name}",
        absence=column.absence,
        open=frame.place_all(column.openings),
        away=absences(column.away, frame),
        cells=cells_of(column, frame, timedelta(minutes=zoom)) if free is None else (),
        free=starts_of((free or {}).get(resource.id), resource, frame),
        held=frame.place_all(column.held),
        blocks=blocks(column.blocks, frame),
        entries=SafeString("".join(_entries(column, frame, zoom, writer))),
        lanes=lanes_of(column.entries, resource.capacity),
        since=frame.since,
        now_row=frame.row_of(clock.now()),
    )


def _entries(column: Column, frame: Frame, zoom: int, writer: Writer) -> list[SafeString]:
    found = []
    for entry, lane in beside(column.entries, column.resource.capacity):
        at = frame.place(entry.appointment.starts_at, entry.appointment.ends_at)
        height = at.rows * ZOOMS[zoom]
        size = next((look for below, look in SIZES if height < below), "")
        found.append(writer.write(entry, at.start, at.end, f"{at.look} {lane}{size}"))
    return found


def long_date(day: date) -> str:
    """Weekday and date in the page's language."""
    return date_format(day, pgettext("date format", "l, j. F Y"))
