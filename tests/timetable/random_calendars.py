"""Random calendars, for a while in the database, and what the reference says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID

from django.db import transaction
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.identifiers import VisitTypeId, new_id
from sprechzeit.practices.models import Lane, Resource, VisitType
from sprechzeit.timetable.expand import by_day
from sprechzeit.timetable.models import Opening
from sprechzeit.timetable.spans import Span, without
from tests.factories import BERLIN, Made, make_practice, make_resource, make_visit_type
from tests.timetable.reference import MINUTE, free_starts

# Resources go by their position here: three clinicians, a team, two rooms and a device.
CAPACITIES = (1, 1, 1, 2, 2, 1, 1)
NEEDS = [
    [[0]],
    [[3]],
    [[0, 1, 2]],
    [[0, 3], [4]],
    [[0, 1], [5], [6]],
    [[3], [4, 5], [6]],
    [[6], [2, 3]],
]
# A day of each change of the clocks, and two that are like any other.
DAYS = [date(2030, 3, 31), date(2030, 10, 27), date(2030, 6, 12), date(2031, 1, 1)]
LENGTH = 3 * 24 * 60  # minutes of the calendars: the day before, the day, the day after
ANYTIME = set(range(-24 * 60, LENGTH + 24 * 60))


@dataclass(frozen=True)
class Taken:
    """Minutes of one lane, and why: an appointment, a living or expired hold, or the appointment to be moved."""

    lane: tuple[int, int]
    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Calendar:
    """Openings by resource and what is taken, in minutes from the local midnight before the day."""

    begin: datetime
    openings: dict[int, list[tuple[int, int]]]
    taken: list[Taken]

    def moment(self, minute: int) -> datetime:
        return self.begin + minute * MINUTE

    def opened(self, resource: int) -> set[int]:
        return {minute for start, end in self.openings.get(resource, []) for minute in range(start, end)}

    def busy(self, lane: tuple[int, int], *, ignoring: bool) -> set[int]:
        counted = {"appointment", "hold"} if ignoring else {"appointment", "hold", "to be moved"}
        spans = [one for one in self.taken if one.lane == lane and one.why in counted]
        return {minute for one in spans for minute in range(one.start, one.end)}

    def edges(self) -> list[int]:
        spans = [span for spans in self.openings.values() for span in spans]
        spans += [(one.start, one.end) for one in self.taken]
        return [minute for start, end in spans for minute in (start, (start + end) // 2, end)]

    def on_grid(self, minute: int, grid: int) -> bool:
        wall = self.moment(minute).astimezone(BERLIN)
        return (wall.hour * 60 + wall.minute) % grid == 0


@cache
def furnished() -> tuple[Made, list[int], dict[int, tuple[int, int]]]:
    """One practice for all examples, its resources, and each lane's place among them; each example is rolled back."""
    made = make_practice(clinicians=0)
    kinds = ["clinician"] * 4 + ["room"] * 2 + ["device"]
    resources = [
        make_resource(made, kind=kind, name=kind, capacity=capacity).id
        for kind, capacity in zip(kinds, CAPACITIES, strict=True)
    ]
    with wearing(Role.DESK), acting_for(made.id):
        lanes = Lane.objects.filter(practice=made.id, overbooking=False).values_list("id", "resource_id", "number")
        return made, resources, {lane: (resources.index(owner), number - 1) for lane, owner, number in lanes}


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Spans lie on five minutes mostly, so that they often touch and visits fit exactly."""
    begin = datetime.combine(draw(st.sampled_from(DAYS)) - timedelta(days=1), time(), tzinfo=BERLIN).astimezone(UTC)
    minute = st.integers(0, LENGTH // 5 - 1).map(lambda n: 5 * n) | st.integers(0, LENGTH - 1)
    near = st.integers(24 * 12 - 6, 24 * 12 + 72).map(lambda n: 5 * n)  # around midnight and the change
    openings: dict[int, list[tuple[int, int]]] = {}
    taken: list[Taken] = []
    for resource, capacity in enumerate(CAPACITIES):
        for start in draw(st.lists(near | minute, max_size=3)):
            span = Span(begin + start * MINUTE, begin + (start + draw(st.integers(1, 240)) * 5) * MINUTE)
            pieces = [(piece.start - begin, piece.end - begin) for piece in by_day([span], BERLIN)]
            openings.setdefault(resource, []).extend((low // MINUTE, high // MINUTE) for low, high in pieces)
        for number in range(capacity):
            free = [Span(begin, begin + LENGTH * MINUTE)]
            for start in draw(st.lists(near | minute, max_size=3)):
                length = draw(st.integers(1, 24).map(lambda n: 5 * n) | st.integers(1, 90) | st.integers(1, 24 * 60))
                wanted = Span(begin + start * MINUTE, begin + (start + length) * MINUTE)
                if without([wanted], free):
                    continue
                free = without(free, [wanted])
                why = draw(st.sampled_from(["appointment", "appointment", "hold", "expired hold", "to be moved"]))
                taken.append(Taken((resource, number), start, start + length, why))
    return Calendar(begin, openings, taken)


@st.composite
def visit_types(draw: st.DrawFn) -> tuple[list[list[int]], dict[str, int]]:
    fields = {
        "duration_minutes": draw(st.sampled_from([5, 15, 30, 60, 90]) | st.integers(5, 120)),
        "buffer_before_minutes": draw(st.sampled_from([0, 0, 5, 15, 20])),
        "buffer_after_minutes": draw(st.sampled_from([0, 0, 5, 10])),
        "grid_minutes": draw(st.sampled_from(VisitType.GRIDS)),
    }
    return draw(st.sampled_from(NEEDS)), fields


@contextmanager
def written(calendar: Calendar, needs: list[list[int]], fields: dict[str, int]) -> Iterator[tuple[VisitTypeId, UUID]]:
    """Inside, the calendar is in the database; afterwards nothing is left of it."""
    made, resources, _ = furnished()
    wanted = [[Resource(id=resources[position]) for position in need] for need in needs]
    with wearing(Role.DESK), acting_for(made.id), transaction.atomic(current_alias()):
        visit_type = make_visit_type(made, *wanted, **fields)
        Opening.objects.bulk_create(
            Opening(
                practice_id=made.id,
                resource_id=resources[resource],
                during=(calendar.moment(start), calendar.moment(end)),
            )
            for resource, spans in calendar.openings.items()
            for start, end in spans
        )
        reasons = {why: _appointment(made, visit_type, calendar) for why in ("appointment", "to be moved")}
        Occupancy.objects.bulk_create(
            _occupancy(made, visit_type, calendar, one, reasons.get(one.why)) for one in calendar.taken
        )
        yield VisitTypeId(visit_type.id), reasons["to be moved"]
        transaction.set_rollback(True, current_alias())


def _appointment(made: Made, visit_type: VisitType, calendar: Calendar) -> UUID:
    return Appointment.objects.create(
        practice_id=made.id,
        id=new_id(),
        visit_type=visit_type,
        starts_at=calendar.begin,
        ends_at=calendar.begin + MINUTE,
        resource_ids=[],
        source=Appointment.Source.DESK,
    ).id


def _occupancy(
    made: Made, visit_type: VisitType, calendar: Calendar, one: Taken, appointment: UUID | None
) -> Occupancy:
    hold = None
    if "hold" in one.why:
        away = timedelta(minutes=5 if one.why == "hold" else -5)
        hold = Hold.objects.create(
            practice_id=made.id,
            visit_type=visit_type,
            starts_at=calendar.moment(one.start),
            resource_ids=[],
            secret_hash=new_id().bytes * 2,
            expires_at=clock.now() + away,
        )
    return Occupancy(
        practice_id=made.id,
        lane_id=next(lane for lane, place in furnished()[2].items() if place == one.lane),
        during=(calendar.moment(one.start), calendar.moment(one.end)),
        appointment_id=appointment,
        hold=hold,
        expires_at=hold and hold.expires_at,
    )


def expected(
    calendar: Calendar,
    needs: list[list[int]],
    fields: dict[str, int],
    candidates: Sequence[int],
    *,
    asked: int | None,
    ignoring: bool,
    inside_openings: bool = True,
) -> dict[int, tuple[tuple[int, ...], ...]]:
    """By start, the resources that are free for each need, as the reference finds them."""
    if asked is not None:
        if not any(asked in need for need in needs):
            return {}
        needs = [[asked] if asked in need else need for need in needs]
    described = [
        [
            (
                calendar.opened(resource) if inside_openings else ANYTIME,
                [calendar.busy((resource, lane), ignoring=ignoring) for lane in range(CAPACITIES[resource])],
            )
            for resource in need
        ]
        for need in needs
    ]
    before = fields["buffer_before_minutes"]
    total = before + fields["duration_minutes"] + fields["buffer_after_minutes"]
    return {
        start: tuple(tuple(need[position] for position in free) for need, free in zip(needs, found, strict=True))
        for start, found in free_starts(described, candidates, before, total)
    }


def positions(resources: Iterable[Iterable[int]]) -> tuple[tuple[int, ...], ...]:
    known = furnished()[1]
    return tuple(tuple(known.index(resource) for resource in need) for need in resources)
