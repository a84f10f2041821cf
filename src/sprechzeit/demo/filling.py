"""What has been placed so far while the demo's calendar is being filled."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.occupy import Span

NEW_ONES = 90  # of the people, for whom a first visit is booked


@dataclass
class Filling:
    """Taken spans by lane, appointments, occupancies, and whose turn it is to come."""

    chance: random.Random
    now: datetime
    known: Iterator[UUID]
    new: Iterator[UUID]
    taken: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    appointments: list[Appointment] = field(default_factory=list)
    occupancies: list[Occupancy] = field(default_factory=list)

    def is_free(self, lane: int, span: Span) -> bool:
        """Whether nothing that was placed meets ``span``."""
        return all(span.end <= start or end <= span.start for start, end in self.taken[lane])


def in_turn(people: Sequence[UUID], chance: random.Random) -> Iterator[UUID]:
    """Everybody once in a mixed order, then once more: so nobody comes twice a day."""
    while True:
        yield from chance.sample(people, len(people))
