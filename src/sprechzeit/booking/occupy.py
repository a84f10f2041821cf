"""Take lanes. The exclusion constraint decides who gets them; nothing is checked before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, connections
from django.db.backends.utils import CursorWrapper

from sprechzeit import clock
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.models import Occupancy
from sprechzeit.database.tenancy import current_alias
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.models import VisitType
from sprechzeit.timetable.availability import LaneCandidate

# An expired hold is nobody's any more. A confirmation of it at the same moment either comes first (then
# expires_at is null and this deletes nothing) or finds its occupancy gone and takes the lane anew.
FORGET_EXPIRED = """
    delete from occupancy
    where lane_id = any(%s) and expires_at <= %s and starts_at < %s and ends_at > %s
"""

# ON CONFLICT DO NOTHING inserts speculatively: two at once never deadlock on one lane, the second waits for the
# first and then gets no row. A plain insert into an exclusion constraint would deadlock.
TAKE = """
    insert into occupancy (practice_id, lane_id, during, appointment_id, hold_id, block_id, expires_at)
    values (%s, %s, tstzrange(%s, %s), %s, %s, %s, %s)
    on conflict on constraint occupancy_no_overlap do nothing
    returning id
"""


LANE_GONE = "occupancy_lane_id_of_practice"  # the reference from an occupancy to its lane


class Span(NamedTuple):
    """What an occupancy covers: the visit with its buffers."""

    start: datetime
    end: datetime


class Reason(NamedTuple):
    """What an occupancy is for: one of the three. Only a hold expires."""

    appointment: UUID | None
    hold: UUID | None
    block: UUID | None
    expires_at: datetime | None


def span_of(visit_type: VisitType, start: datetime, minutes: int | None = None) -> Span:
    """The visit at ``start`` with its buffers; ``minutes`` where it is longer or shorter than its type is now."""
    length = visit_type.duration_minutes if minutes is None else minutes
    return Span(
        start - timedelta(minutes=visit_type.buffer_before_minutes),
        start + timedelta(minutes=length + visit_type.buffer_after_minutes),
    )


def occupy(
    practice: PracticeId,
    needs: Sequence[Sequence[LaneCandidate]],
    span: Span,
    *,
    appointment: UUID | None = None,
    hold: UUID | None = None,
    block: UUID | None = None,
    expires_at: datetime | None = None,
) -> list[ResourceId]:
    """Take one lane for each need, the first candidate that is still free, and tell the resources in the needs' order.

    Lanes for overbooking are taken only where ``needs`` names them (``candidate_lanes``); whether one was,
    ``is_overbooked`` tells.

    Raises
    ------
    SlotTaken
        For some need no candidate was free any more; the caller's transaction must roll back.
    """
    if not needs or not all(needs):
        raise SlotTaken
    taken: dict[int, ResourceId] = {}
    # In the order of the lanes, whatever the needs' numbers: so no two visits wait for each other in a circle.
    in_order = sorted(enumerate(needs), key=lambda need: min(candidate.lane_id for candidate in need[1]))
    with connections[current_alias()].cursor() as cursor:
        lanes = [candidate.lane_id for candidates in needs for candidate in candidates]
        cursor.execute(FORGET_EXPIRED, [lanes, clock.now(), span.end, span.start])
        for number, candidates in in_order:
            for candidate in candidates:
                if _take(cursor, practice, candidate.lane_id, span, Reason(appointment, hold, block, expires_at)):
                    taken[number] = candidate.resource_id
                    break
            else:
                raise SlotTaken
    return [taken[number] for number in range(len(needs))]


def is_overbooked(practice: PracticeId, appointment: UUID) -> bool:
    """Whether the appointment stands in a lane for overbooking. Needs ``acting_for``."""
    return Occupancy.objects.filter(practice=practice, appointment=appointment, lane__overbooking=True).exists()


def _take(
    cursor: CursorWrapper,
    practice: PracticeId,
    lane: int,
    span: Span,
    reason: Reason,
) -> bool:
    """Whether the lane was free. One that the owner removes in this very moment is taken for good."""
    try:
        cursor.execute(TAKE, [practice, lane, span.start, span.end, *reason])
    except IntegrityError as error:
        if LANE_GONE not in str(error):
            raise
        raise SlotTaken from None
    return cursor.fetchone() is not None
