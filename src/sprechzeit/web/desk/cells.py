"""Free places of a column that can be clicked to book, and other spans that bear a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from sprechzeit.booking.day import Column
from sprechzeit.booking.spans import Away, BlockShown
from sprechzeit.practices.models import Resource
from sprechzeit.web.desk.placing import Frame


@dataclass(frozen=True)
class Cell:
    """A free place with the address of the form for a new appointment there."""

    look: str
    href: str
    time: str
    label: str


@dataclass(frozen=True, repr=False)
class Labelled:
    """A span with a word on it: an absence or a block."""

    look: str
    text: str
    time: str
    id: UUID | None = None


@dataclass(frozen=True)
class FreeStarts:
    """The free starts of one visit type with one resource."""

    visit_type: int
    name: str
    starts: list[datetime]
    length: timedelta


def cells_of(column: Column, frame: Frame, step: timedelta) -> tuple[Cell, ...]:
    """Free places, ``step`` long each, within the openings."""
    new, resource = reverse("desk:new"), column.resource
    said = _("Neuer Termin um %(time)s bei %(name)s")
    return tuple(
        _cell(frame, start, step, f"{new}?", {"bei": resource.id}, said, resource) for start in _free(column, step)
    )


def starts_of(free: FreeStarts | None, resource: Resource, frame: Frame) -> tuple[Cell, ...]:
    """The places at which a visit type fits."""
    if free is None:
        return ()
    new = reverse("desk:new")
    said = _("Frei um %(time)s bei %(name)s") + f": {free.name}"
    more = {"bei": resource.id, "art": free.visit_type}
    starts = [start for start in free.starts if frame.holds(start, start + free.length)]
    return tuple(_cell(frame, start, free.length, f"{new}?", more, said, resource) for start in starts)


def _cell(
    frame: Frame, start: datetime, length: timedelta, new: str, more: dict[str, int], said: str, resource: Resource
) -> Cell:
    at = frame.place(start, start + length)
    time = f"{at.start:%H:%M}"
    href = new + urlencode({"start": at.start.isoformat(), **more})
    return Cell(at.look, href, time, said % {"time": time, "name": resource.name})


def absences(found: Iterable[Away], frame: Frame) -> tuple[Labelled, ...]:
    """Absences and closures as far as they are shown."""
    return tuple(
        Labelled(frame.place(one.start, one.end).look, one.name, "") for one in found if frame.holds(one.start, one.end)
    )


def blocks(found: Iterable[BlockShown], frame: Frame) -> tuple[Labelled, ...]:
    """Blocked time as far as it is shown."""
    placed = [(one, frame.place(one.start, one.end)) for one in found if frame.holds(one.start, one.end)]
    until = _("%(start)s bis %(end)s")
    return tuple(
        Labelled(
            at.look, one.note or _("gesperrt"), until % {"start": f"{at.start:%H:%M}", "end": f"{at.end:%H:%M}"}, one.id
        )
        for one, at in placed
    )


def _free(column: Column, step: timedelta) -> Iterable[datetime]:
    """Starts of free places within the openings; who was squeezed in takes no ordinary lane."""
    taken = [
        (one.appointment.starts_at, one.appointment.ends_at, 1)
        for one in column.entries
        if not one.appointment.overbooked
    ]
    taken += [(start, end, 1) for start, end in column.held]
    taken += [(one.start, one.end, column.resource.capacity) for one in column.blocks]
    for start, end in column.openings:
        near = [one for one in taken if one[0] < end and start < one[1]]
        at = start
        while at + step <= end:
            used = sum(lanes for begun, ended, lanes in near if begun < at + step and at < ended)
            if used < column.resource.capacity:
                yield at
            at += step
