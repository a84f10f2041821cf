"""Next free times for the desk: no lead time, no horizon but the openings."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.timetable.availability import Slot, free_slots

WINDOW = timedelta(days=7)
FARTHEST = timedelta(days=84)


def suggest(
    practice: PracticeId,
    visit_type: VisitTypeId,
    since: datetime,
    *,
    resource: ResourceId | None = None,
    ignoring: UUID | None = None,
    count: int = 12,
) -> list[Slot]:
    """The next ``count`` free slots from ``since``, looking week by week for up to twelve weeks."""
    found: list[Slot] = []
    cursor = since
    while len(found) < count and cursor < since + FARTHEST:
        found += free_slots(
            practice, visit_type, cursor, cursor + WINDOW, resource=resource, limit=count, ignoring=ignoring
        )
        cursor += WINDOW
    return found[:count]
