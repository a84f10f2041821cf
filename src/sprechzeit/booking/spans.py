"""What else lies on the calendar's columns besides appointments: openings, holds, blocks, absences and closures.

Each is read once for the whole stretch of days that is shown, and cut to a day by ``within``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.block_note import open_block_notes
from sprechzeit.booking.models import Block, Occupancy
from sprechzeit.identifiers import PracticeId
from sprechzeit.timetable.models import Opening, ScheduleException
from sprechzeit.vault import PracticeKeys

Span = tuple[datetime, datetime]
Kind = ScheduleException.Kind
DAY_AT_MOST = timedelta(hours=25)  # an opening; a block lasts 24 hours at most


@dataclass(frozen=True, repr=False)
class BlockShown:
    """Time kept free at the desk, with what for. ``repr`` shows nothing."""

    id: UUID
    resource_id: int
    start: datetime
    end: datetime
    note: str
    version: int

    def __repr__(self) -> str:
        return "BlockShown(…)"


@dataclass(frozen=True)
class Away:
    """An absence of one resource, or with None a closure of the practice. ``label`` is what the practice wrote."""

    resource_id: int | None
    start: datetime
    end: datetime
    label: str

    @property
    def name(self) -> str:
        """What to call it, also where nothing was written."""
        return self.label or (_("geschlossen") if self.resource_id is None else _("abwesend"))


def openings_between(
    practice: PracticeId, resources: Collection[int], since: datetime, until: datetime
) -> dict[int, list[Span]]:
    """Spans in which these resources are open, earliest first. Needs ``acting_for``."""
    found: dict[int, list[Span]] = {}
    rows = Opening.objects.filter(
        practice=practice, resource__in=resources, starts_at__lt=until, starts_at__gt=since - DAY_AT_MOST
    ).order_by("starts_at")
    for resource, starts_at, ends_at in rows.values_list("resource_id", "starts_at", "ends_at"):
        found.setdefault(resource, []).append((starts_at, ends_at))
    return found


def holds_between(practice: PracticeId, since: datetime, until: datetime) -> dict[int, list[Span]]:
    """Spans that somebody is booking at this moment. Needs ``acting_for``."""
    found: dict[int, list[Span]] = {}
    rows = Occupancy.objects.filter(
        practice=practice, hold__isnull=False, expires_at__gt=clock.now(), starts_at__lt=until,
        ends_at__gt=since,
    )  # fmt: skip  # lines grouped by hand
    for resource, starts_at, ends_at in rows.values_list("lane__resource_id", "starts_at", "ends_at"):
        found.setdefault(resource, []).append((starts_at, ends_at))
    return found


def blocks_between(keys: PracticeKeys, since: datetime, until: datetime) -> dict[int, list[BlockShown]]:
    """Blocks set at the desk with their notes opened. Needs ``acting_for``.

    Raises
    ------
    CannotOpen
        A note was tampered with.
    """
    rows = Block.objects.filter(
        practice=keys.practice, starts_at__lt=until, starts_at__gt=since - DAY_AT_MOST, ends_at__gt=since
    ).order_by("starts_at", "id")
    blocks = list(rows)
    notes = open_block_notes(keys, blocks)
    found: dict[int, list[BlockShown]] = {}
    for one in blocks:
        shown = BlockShown(one.id, one.resource_id, one.starts_at, one.ends_at, notes.get(one.id, ""), one.version)
        found.setdefault(one.resource_id, []).append(shown)
    return found


def absences_between(practice: PracticeId, since: datetime, until: datetime) -> list[Away]:
    """Absences and closures that touch the time, earliest first. Needs ``acting_for``."""
    rows = ScheduleException.objects.filter(practice=practice, during__overlap=(since, until)).exclude(kind=Kind.EXTRA)
    spans = rows.order_by("during", "id").values_list("resource_id", "during", "label")
    return [Away(resource, during.lower, during.upper, label) for resource, during, label in spans]


def within(spans: Iterable[Span], since: datetime, until: datetime) -> tuple[Span, ...]:
    """The parts that lie in ``[since, until)``."""
    return tuple((max(start, since), min(end, until)) for start, end in spans if start < until and since < end)
