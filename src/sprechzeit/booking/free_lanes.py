"""Which lanes are still free while many times are being chosen, before any of them is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from sprechzeit import clock
from sprechzeit.booking.models import Occupancy
from sprechzeit.booking.occupy import Span
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.models import Lane

LONGEST = timedelta(hours=24)  # of an occupancy
LaneNumber = int


@dataclass(frozen=True)
class _Taken:
    span: Span
    by: UUID | None  # None: it stands in the database


@dataclass
class FreeLanes:
    """Lanes by resource, and what is taken of them: in the database, and by what has been chosen so far.

    A resource with one lane needs no look into the database here: where the availability says that it is free, it is.
    """

    lanes: dict[ResourceId, list[LaneNumber]]
    taken: dict[Hashable, list[_Taken]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, practice: PracticeId, since: datetime, until: datetime) -> FreeLanes:
        """As the practice is now; needs ``acting_for``."""
        lanes: dict[ResourceId, list[LaneNumber]] = defaultdict(list)
        rows = Lane.objects.filter(practice=practice, overbooking=False).order_by("resource_id", "number")
        for resource, lane in rows.values_list("resource_id", "id"):
            lanes[ResourceId(resource)].append(lane)
        made = cls(dict(lanes))
        several = [lane for numbers in lanes.values() if len(numbers) > 1 for lane in numbers]
        found = Occupancy.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=clock.now()),
            practice=practice,
            lane__in=several,
            starts_at__gt=since - LONGEST,
            starts_at__lt=until,
        )
        for lane, start, end in found.values_list("lane_id", "starts_at", "ends_at"):
            made.taken[lane].append(_Taken(Span(start, end), None))
        return made

    def lane_for(self, resource: ResourceId, span: Span, one: UUID) -> LaneNumber | None:
        """The first lane that is free for the whole span, whatever has been chosen for ``one`` itself."""
        return next((lane for lane in self.lanes.get(resource, ()) if self.is_free_for(lane, span, one)), None)

    def is_free_for(self, what: Hashable, span: Span, one: UUID) -> bool:
        """Whether nothing but what was chosen for ``one`` overlaps."""
        return all(
            taken.span.end <= span.start or span.end <= taken.span.start
            for taken in self.taken[what]
            if taken.by != one
        )

    def take(self, resources: Iterable[ResourceId], who: Hashable, span: Span, one: UUID) -> None:
        """Choose the span for ``one``: a lane of each resource, and the person."""
        for resource in resources:
            lane = next(lane for lane in self.lanes[resource] if self.is_free_for(lane, span, one))
            self.taken[lane].append(_Taken(span, one))
        self.taken[who].append(_Taken(span, one))
