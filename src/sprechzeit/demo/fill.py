"""Fill the demo's calendar as a real practice's would be: mornings fuller, the far weeks emptier."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sprechzeit import clock
from sprechzeit.booking.models import Appointment, Block, Occupancy
from sprechzeit.booking.occupy import Span, span_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.demo.blocks import block_time
from sprechzeit.demo.filling import NEW_ONES, Filling, in_turn
from sprechzeit.demo.online import online_lately
from sprechzeit.demo.people import SEED
from sprechzeit.demo.practice import COMING, PAST, DemoPractice
from sprechzeit.demo.records import keep_records
from sprechzeit.demo.some_wait import some_wait
from sprechzeit.demo.statuses import set_statuses
from sprechzeit.demo.times import tell_when
from sprechzeit.demo.working_day import play_working_days
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.person import Person
from sprechzeit.practices.models import Lane, VisitType, VisitTypeNeed
from sprechzeit.timetable.models import Opening

STEP = timedelta(minutes=5)
FIRST_VISIT = "Erstgespräch"
WEIGHTS = {"Sprechstunde": 10, "Akutsprechstunde": 5, FIRST_VISIT: 2, "Impfung": 2, "Befundbesprechung": 3}
RARE = 1
BLOOD_TESTS = ({"Blutentnahme"}, timedelta(hours=3), 0.9)  # in the first hours, for who comes fasting
ECGS = ({"EKG"}, timedelta(hours=8), 0.35)

Needs = dict[int, dict[int, list[tuple[int, int]]]]  # visit type -> need number -> (resource, lane)
Openings = dict[int, list[tuple[datetime, datetime]]]


def fill(demo: DemoPractice, people: list[Person]) -> int:
    """Store the people as sealed patients, their appointments, blocks and comments; tell how many visits."""
    practice = PracticeId(demo.practice.id)
    chance = random.Random(SEED)  # noqa: S311 - invented data, the same every time
    with acting_for(practice):
        patients = keep_records(demo, people, chance)
        known, new = patients[NEW_ONES:], patients[:NEW_ONES]
        filling = Filling(chance, clock.now(), in_turn(known, chance), in_turn(new, chance))
        block_time(demo)
        _keep_blocks(filling, practice)
        needs = _needs(practice)
        openings = _openings(practice, filling.now)
        for clinician in demo.clinicians:
            for start, end in openings[clinician.id]:
                _fill_opening(filling, demo, clinician.id, needs, openings, (start, end), WEIGHTS, None)
        for resource, (names, hours, fullness) in zip(demo.others, (BLOOD_TESTS, ECGS), strict=False):
            for start, end in openings[resource.id]:
                span = (start, min(end, start + hours))
                _fill_opening(filling, demo, resource.id, needs, openings, span, names, fullness)
        set_statuses(filling, demo)
        online_lately(filling, practice, people, bytes(demo.practice.public_key))
        Appointment.objects.bulk_create(filling.appointments, batch_size=500)
        Occupancy.objects.bulk_create(filling.occupancies, batch_size=500)
        tell_when(filling, practice)
        some_wait(filling, practice)
    play_working_days(filling, demo)
    return len(filling.appointments)


def _keep_blocks(filling: Filling, practice: PracticeId) -> None:
    blocks = {block.id: Span(block.starts_at, block.ends_at) for block in Block.objects.filter(practice=practice)}
    rows = Occupancy.objects.filter(practice=practice, block__isnull=False).values_list("lane_id", "block_id")
    for lane, block in rows:
        filling.taken[lane].append(blocks[block])


def _needs(practice: PracticeId) -> Needs:
    lanes: dict[int, list[int]] = defaultdict(list)
    ordinary = Lane.objects.filter(practice=practice, overbooking=False).order_by("id")
    for resource, lane in ordinary.values_list("resource_id", "id"):
        lanes[resource].append(lane)
    needs: Needs = defaultdict(lambda: defaultdict(list))
    rows = VisitTypeNeed.objects.filter(practice=practice).order_by("visit_type_id", "number", "id")
    for visit_type, number, resource in rows.values_list("visit_type_id", "number", "resource_id"):
        needs[visit_type][number] += [(resource, lane) for lane in lanes[resource]]
    return needs


def _openings(practice: PracticeId, now: datetime) -> Openings:
    found: Openings = defaultdict(list)
    rows = Opening.objects.filter(practice=practice, starts_at__gte=now - PAST, starts_at__lt=now + COMING)
    for resource, start, end in rows.order_by("starts_at").values_list("resource_id", "starts_at", "ends_at"):
        found[resource].append((start, end))
    return found


def _fullness(filling: Filling, start: datetime, demo: DemoPractice) -> float:
    """How likely the next time is taken: near days and mornings more."""
    weeks = (start - filling.now) / timedelta(weeks=1)
    base = 0.95 if weeks < 0 else max(0.22, 0.93 - 0.13 * weeks)
    return min(0.97, base + (0.05 if start.astimezone(demo.practice.zone).hour < 11 else -0.06))


def _fill_opening(
    filling: Filling,
    demo: DemoPractice,
    resource: int,
    needs: Needs,
    openings: Openings,
    span: tuple[datetime, datetime],
    names: Collection[str],
    fullness: float | None,
) -> None:
    offered = [one for one in demo.visit_types if any(resource == r for n in needs[one.id].values() for r, _ in n)]
    if names is not WEIGHTS:
        offered = [one for one in offered if one.name_de in names]
    weights = [WEIGHTS.get(one.name_de, RARE) for one in offered]
    cursor, end = span
    while cursor < end:
        if filling.chance.random() > (_fullness(filling, cursor, demo) * (fullness or 1)):
            cursor += 3 * STEP
            continue
        visit_type = filling.chance.choices(offered, weights)[0]
        covered = span_of(visit_type, cursor)
        lanes = _lanes_for(filling, needs[visit_type.id], openings, resource, covered) if covered.end <= end else None
        if lanes is None:
            cursor += STEP
            continue
        _place(filling, demo, visit_type, cursor, lanes)
        cursor = max(covered.end, cursor + 2 * STEP)


def _lanes_for(
    filling: Filling, needs: dict[int, list[tuple[int, int]]], openings: Openings, resource: int, span: Span
) -> list[tuple[int, int]] | None:
    chosen = []
    for candidates in needs.values():
        mine = [pair for pair in candidates if pair[0] == resource] or candidates
        free = next(
            (
                (one, lane)
                for one, lane in mine
                if filling.is_free(lane, span) and any(a <= span.start and span.end <= b for a, b in openings[one])
            ),
            None,
        )
        if free is None:
            return None
        chosen.append(free)
    return chosen


def _place(
    filling: Filling, demo: DemoPractice, visit_type: VisitType, start: datetime, lanes: list[tuple[int, int]]
) -> None:
    appointment = Appointment(
        id=new_id(),
        practice_id=demo.practice.id,
        visit_type=visit_type,
        starts_at=start,
        ends_at=start + timedelta(minutes=visit_type.duration_minutes),
        resource_ids=[resource for resource, _ in lanes],
        status=Appointment.Status.CANCELLED if filling.chance.random() < 0.03 else Appointment.Status.BOOKED,
        source=Appointment.Source.DESK if filling.chance.random() < 0.6 else Appointment.Source.FRONT,
        patient_id=next(filling.new if visit_type.name_de == FIRST_VISIT else filling.known),
    )
    filling.appointments.append(appointment)
    if appointment.status == Appointment.Status.CANCELLED:
        return
    span = span_of(visit_type, start)
    for _, lane in lanes:
        filling.taken[lane].append(span)
        if span.end > filling.now - timedelta(days=1):
            filling.occupancies.append(
                Occupancy(
                    practice_id=demo.practice.id, lane_id=lane, during=(span.start, span.end), appointment=appointment
                )
            )
