"""Other times for many appointments at once, so that no two of the suggestions stand in each other's way.

One question to the availability for each visit type and fortnight, not for each appointment. What is suggested is taken
for all that come after; where a resource serves several at once, lane by lane.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sprechzeit import clock
from sprechzeit.booking.free_lanes import FreeLanes
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.occupy import Span, span_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.availability import Slot, candidate_lanes, free_slots
from sprechzeit.timetable.wall_clock import local_midnight

LEAD = timedelta(minutes=30)  # nobody comes at once
WINDOW = timedelta(days=14)
WINDOWS = 6
SAME_DAY, WITH_THEM, MOST = 3, 2, 6  # choices of one appointment
APART = timedelta(minutes=45)  # between two choices of the same day
MINUTE = timedelta(minutes=1)


class Away(NamedTuple):
    """Who or what is not there, and when."""

    resource: ResourceId
    during: Span


@dataclass(frozen=True)
class Proposal:
    """Another time, with one resource for each need."""

    start: datetime
    end: datetime
    resources: tuple[ResourceId, ...]


@dataclass
class _Search:
    """One run: what the availability said so far, and what is spoken for."""

    practice: PracticeId
    zone: ZoneInfo
    away: Away
    lanes: FreeLanes
    slots: dict[int, list[tuple[date, Slot]]] = field(default_factory=lambda: defaultdict(list))

    def ask(self, visit_types: Iterable[int], since: datetime, until: datetime) -> None:
        for one in sorted(set(visit_types)):
            found = free_slots(self.practice, VisitTypeId(one), since, until)
            self.slots[one] += [(slot.start.astimezone(self.zone).date(), slot) for slot in found]

    def fit(self, one: Appointment, slot: Slot, only: ResourceId | None = None) -> Proposal | None:
        """The slot with one resource for each need, or None; with ``only`` it must be among them."""
        minutes = (one.ends_at - one.starts_at) // MINUTE
        span = span_of(one.visit_type, slot.start, minutes)
        needs = slot.resources
        if minutes > one.visit_type.duration_minutes:  # longer than its type: the slot promises less than it needs
            lanes = candidate_lanes(self.practice, VisitTypeId(one.visit_type_id), slot.start, minutes=minutes)
            needs = tuple(tuple(dict.fromkeys(lane.resource_id for lane in need)) for need in lanes)
        if not self.lanes.is_free_for(_who(one), span, one.id):
            return None
        chosen = []
        for need in needs:
            free = [resource for resource in need if self._is_free(one, resource, span)]
            if only in free:
                free = [resource for resource in free if resource == only]
            if not free:
                return None
            chosen.append(min(free, key=lambda resource: resource not in one.resource_ids))
        if only is not None and only not in chosen:
            return None
        return Proposal(slot.start, slot.start + minutes * MINUTE, tuple(chosen))

    def _is_free(self, one: Appointment, resource: ResourceId, span: Span) -> bool:
        is_away = resource == self.away.resource and _overlap(span, self.away.during)
        return not is_away and self.lanes.lane_for(resource, span, one.id) is not None

    def in_order(self, one: Appointment) -> tuple[list[Slot], list[Slot]]:
        """The slots of the same day, the nearest first, and those of later days, the earliest first."""
        day = one.starts_at.astimezone(self.zone).date()
        slots = self.slots[one.visit_type_id]
        same = [slot for on, slot in slots if on == day]
        later = [slot for on, slot in slots if on > day]
        return sorted(same, key=lambda slot: abs(slot.start - one.starts_at)), later

    def take(self, one: Appointment, proposal: Proposal) -> None:
        minutes = (proposal.end - proposal.start) // MINUTE
        self.lanes.take(proposal.resources, _who(one), span_of(one.visit_type, proposal.start, minutes), one.id)


def propose(practice: Practice, appointments: Sequence[Appointment], away: Away) -> dict[UUID, tuple[Proposal, ...]]:
    """For each appointment up to six other times, the suggestion first; none where twelve weeks are full.

    The suggestions suit all together: none needs what another one needs. A further choice stands in no suggestion's
    way, but two further ones may be the same.
    """
    number = PracticeId(practice.id)
    ordered = sorted(appointments, key=lambda one: (one.starts_at, one.id))
    if not ordered:
        return {}
    with acting_for(number):
        day = ordered[0].starts_at.astimezone(practice.zone).date()
        since = max(clock.now() + LEAD, local_midnight(day, practice.zone).astimezone(UTC))
        until = since + WINDOW * WINDOWS
        search = _Search(number, practice.zone, away, FreeLanes.of(number, since, until))
        first: dict[UUID, Proposal] = {}
        for window in range(WINDOWS):
            left = [one for one in ordered if one.id not in first]
            if not left:
                break
            start = since + WINDOW * window
            search.ask((one.visit_type_id for one in left), start, start + WINDOW)
            for one in left:
                if found := _first(search, one):
                    first[one.id] = found
                    search.take(one, found)
        return {one.id: _choices(search, one, first[one.id]) for one in ordered if one.id in first}


def _first(search: _Search, one: Appointment) -> Proposal | None:
    same, later = search.in_order(one)
    return next((found for slot in [*same, *later] if (found := search.fit(one, slot))), None)


def _choices(search: _Search, one: Appointment, first: Proposal) -> tuple[Proposal, ...]:
    """The suggestion, then others: of the same day, with the same person later, with anybody later."""
    same, later = search.in_order(one)
    found = [first]
    rounds = ((same, None, SAME_DAY), (later, search.away.resource, SAME_DAY + WITH_THEM), (later, None, MOST))
    for slots, only, most in rounds:
        for slot in slots:
            if len(found) >= most:
                break
            if any(abs(slot.start - other.start) < APART for other in found):
                continue
            if proposal := search.fit(one, slot, only):
                found.append(proposal)
    return (first, *sorted(found[1:], key=lambda proposal: proposal.start))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _who(one: Appointment) -> UUID:
    """Nobody can be in two places: two appointments of one person are not put beside each other."""
    return one.patient_id or one.intake_id or one.id
