"""Fill the demo's calendar as a real practice's would be: mornings fuller, the far weeks emptier."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.occupy import Span, span_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.demo.people import SEED
from sprechzeit.demo.practice import COMING, PAST, DemoPractice
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.intake import put_in
from sprechzeit.patients.models import Patient
from sprechzeit.patients.person import Person
from sprechzeit.patients.sealed import seal_patient
from sprechzeit.practices.models import Lane, VisitType, VisitTypeNeed
from sprechzeit.timetable.models import Opening

STEP = timedelta(minutes=5)
WEIGHTS = {"Sprechstunde": 10, "Akutsprechstunde": 5, "Erstgespräch": 3, "Impfung": 2, "Befundbesprechung": 3}
RARE = 1
ONLINE_LATELY = 14  # bookings of the last hours that nobody has taken over yet
S = Appointment.Status


@dataclass
class Filling:
    """What has been placed so far: taken spans by lane, appointments, occupancies."""

    chance: random.Random
    now: datetime
    taken: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    appointments: list[Appointment] = field(default_factory=list)
    occupancies: list[Occupancy] = field(default_factory=list)

    def is_free(self, lane: int, span: Span) -> bool:
        return all(span.end <= start or end <= span.start for start, end in self.taken[lane])


def fill(demo: DemoPractice, people: list[Person]) -> int:
    """Store the people as sealed patients and their appointments; tell how many appointments."""
    practice = PracticeId(demo.practice.id)
    now = clock.now()
    filling = Filling(random.Random(SEED), now)  # noqa: S311 - invented data, the same every time
    with acting_for(practice):
        patients = [_patient(demo, person) for person in people]
        Patient.objects.bulk_create(patients, batch_size=500)
        needs = _needs(practice)
        openings = _openings(practice, now)
        for clinician in demo.clinicians:
            for start, end in openings[clinician.id]:
                _fill_opening(filling, demo, clinician.id, needs, openings, start, end, patients)
        _online_lately(filling, practice, people, bytes(demo.practice.public_key))
        Appointment.objects.bulk_create(filling.appointments, batch_size=500)
        Occupancy.objects.bulk_create(filling.occupancies, batch_size=500)
    return len(filling.appointments)


def _patient(demo: DemoPractice, person: Person) -> Patient:
    patient = new_id()
    name, whole = seal_patient(demo.keys, patient, person)
    return Patient(id=patient, practice_id=demo.practice.id, name_sealed=name, record_sealed=whole)


Needs = dict[int, dict[int, list[tuple[int, int]]]]  # visit type -> need number -> (resource, lane)
Openings = dict[int, list[tuple[datetime, datetime]]]


def _needs(practice: PracticeId) -> Needs:
    lanes: dict[int, list[int]] = defaultdict(list)
    for resource, lane in Lane.objects.filter(practice=practice).order_by("id").values_list("resource_id", "id"):
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
    clinician: int,
    needs: Needs,
    openings: Openings,
    start: datetime,
    end: datetime,
    patients: list[Patient],
) -> None:
    offered = [one for one in demo.visit_types if any(clinician == r for n in needs[one.id].values() for r, _ in n)]
    weights = [WEIGHTS.get(one.name_de, RARE) for one in offered]
    cursor = start
    while cursor < end:
        if filling.chance.random() > _fullness(filling, cursor, demo):
            cursor += 3 * STEP
            continue
        visit_type = filling.chance.choices(offered, weights)[0]
        span = span_of(visit_type, cursor)
        lanes = _lanes_for(filling, needs[visit_type.id], openings, clinician, span) if span.end <= end else None
        if lanes is None:
            cursor += STEP
            continue
        _place(filling, demo, visit_type, cursor, lanes, filling.chance.choice(patients).id)
        cursor = max(span.end, cursor + 2 * STEP)


def _lanes_for(
    filling: Filling, needs: dict[int, list[tuple[int, int]]], openings: Openings, clinician: int, span: Span
) -> list[tuple[int, int]] | None:
    chosen = []
    for candidates in needs.values():
        mine = [pair for pair in candidates if pair[0] == clinician] or candidates
        free = next(
            (
                (resource, lane)
                for resource, lane in mine
                if filling.is_free(lane, span) and any(a <= span.start and span.end <= b for a, b in openings[resource])
            ),
            None,
        )
        if free is None:
            return None
        chosen.append(free)
    return chosen


def _place(
    filling: Filling,
    demo: DemoPractice,
    visit_type: VisitType,
    start: datetime,
    lanes: list[tuple[int, int]],
    patient: UUID,
) -> None:
    span = span_of(visit_type, start)
    appointment = Appointment(
        id=new_id(),
        practice_id=demo.practice.id,
        visit_type=visit_type,
        starts_at=start,
        ends_at=start + timedelta(minutes=visit_type.duration_minutes),
        resource_ids=[resource for resource, _ in lanes],
        status=_status(filling, start),
        source=Appointment.Source.DESK if filling.chance.random() < 0.6 else Appointment.Source.FRONT,
        patient_id=patient,
    )
    filling.appointments.append(appointment)
    if appointment.status == S.CANCELLED:
        return
    for _, lane in lanes:
        filling.taken[lane].append(span)
        if span.end > filling.now - timedelta(days=1):
            filling.occupancies.append(
                Occupancy(
                    practice_id=demo.practice.id, lane_id=lane, during=(span.start, span.end), appointment=appointment
                )
            )


def _status(filling: Filling, start: datetime) -> str:
    roll = filling.chance.random()
    if start > filling.now + timedelta(minutes=20):
        return S.CANCELLED if roll < 0.03 else S.BOOKED
    if start > filling.now:
        return S.ARRIVED if roll < 0.6 else S.BOOKED
    if start > filling.now - timedelta(minutes=20):
        return S.IN_TREATMENT if roll < 0.7 else S.ARRIVED
    return S.CANCELLED if roll < 0.04 else S.NO_SHOW if roll < 0.07 else S.DONE


def _online_lately(filling: Filling, practice: PracticeId, people: list[Person], public_key: bytes) -> None:
    """Some coming appointments were booked online just now: they still are sealed intakes."""
    coming = [one for one in filling.appointments if one.status == S.BOOKED and one.starts_at > filling.now]
    coming.sort(key=lambda one: one.starts_at)
    for appointment in filling.chance.sample(coming[: ONLINE_LATELY * 8], min(ONLINE_LATELY, len(coming))):
        appointment.intake_id = put_in(practice, filling.chance.choice(people), public_key)
        appointment.patient_id = None
        appointment.source = Appointment.Source.FRONT
