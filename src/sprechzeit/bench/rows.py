"""All rows of one practice: its furniture, its patients, its appointments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sprechzeit.bench.calendar import KINDS, milliseconds, moment, visits
from sprechzeit.bench.furniture import LANE_OFFSET, furniture, members, openings, visit_type_id
from sprechzeit.bench.keys import keys_of
from sprechzeit.bench.lines import NULL, Line, bytea, line, uuid7
from sprechzeit.bench.people import person
from sprechzeit.bench.scale import SEED, Plan, spread
from sprechzeit.patients.sealed import seal_patient
from sprechzeit.vault import Context, PracticeKeys, Secret, new_record_key, seal_shreddable

DAY = 86_400_000  # milliseconds
INTAKE_SHARE = 0.1  # of the coming appointments: booked online and not yet accepted at the desk
ONLINE_SHARE = 0.4


def rows(plan: Plan, today: date, secret: bytes = b"") -> Iterator[Line]:
    """Every row of the practice, sealed with its own keys; patients before appointments."""
    keys = keys_of(plan.practice, secret)
    random = Random(f"{SEED}/{plan.practice}")  # noqa: S311 - invented data, the same every time
    yield from furniture(plan, keys, today)
    yield from openings(plan, today)
    yield from members(plan, keys, random, today)
    patients: list[str] = []
    for row in _patients(plan, keys, random, today):
        if row[0] == "patient":
            patients.append(row[1][:36])
        yield row
    yield from _appointments(plan, keys, random, today, patients)


def _patients(plan: Plan, keys: PracticeKeys, random: Random, today: date) -> Iterator[Line]:
    """In the order in which they came, over the last three years."""
    days = sorted(int(random.random() * 1095) for _ in range(plan.patients))
    for number, day in enumerate(days):
        created = today - timedelta(days=1095 - day)
        patient = uuid7(milliseconds(created) + 8 * 3_600_000 + number, random)
        own = new_record_key()
        name, whole = seal_patient(keys, patient, person(random), own)
        yield _key(plan.practice, str(patient), own, moment(created, 720))
        yield (
            "patient",
            f"{patient}\t{plan.practice}\t\\\\x{name.hex()}\t\\\\x{whole.hex()}\t1\t{moment(created, 720)}\n",
        )


def _appointments(plan: Plan, keys: PracticeKeys, random: Random, today: date, patients: list[str]) -> Iterator[Line]:
    yesterday = today - timedelta(days=1)
    for index, count in enumerate(spread(plan.appointments, [1] * plan.clinicians)):
        for day, minute, number in visits(random, index, today, count):
            status = _status(random.random(), coming=day >= today)
            lead = int(random.random() ** 2 * 40) + 1  # days; most book a few days before
            created = min(day, today) - timedelta(days=lead)
            appointment = str(uuid7(milliseconds(created) + int(random.random() * DAY), random))
            online = random.random() < ONLINE_SHARE
            patient, intake = patients[int(random.random() * len(patients))], NULL
            if day > today and random.random() < INTAKE_SHARE:
                created, online, patient = yesterday, True, NULL
                intake = str(uuid7(milliseconds(created) + int(random.random() * DAY), random))
                own = new_record_key()
                yield _key(plan.practice, intake, own, moment(created, 720))
                yield "intake", _intake(plan.practice, keys, intake, own, random, moment(created, 720))
            kind = KINDS[number]
            taken = [plan.clinician(index)]
            if kind.needs:
                taken.append(plan.room(index) if kind.needs == "room" else plan.device)
            start, at = moment(day, minute), moment(created, 720)
            yield (
                "appointment",
                f"{appointment}\t{plan.practice}\t{visit_type_id(plan.practice, number)}\t{start}\t"
                f"{moment(day, minute + kind.minutes)}\t{{{','.join(map(str, taken))}}}\t{status}\t"
                f"{'front' if online else 'desk'}\t{patient}\t{intake}\t"
                f"{bytea(random.randbytes(32)) if online else NULL}\t1\t{at}\t{at}\n",
            )
            if day >= yesterday and status != "cancelled":
                during = f"[{start},{moment(day, minute + kind.minutes + kind.after)})"
                for resource in taken:
                    yield "occupancy", f"{plan.practice}\t{resource + LANE_OFFSET}\t{during}\t{appointment}\n"


def _intake(practice: int, keys: PracticeKeys, intake: str, own: Secret, random: Random, created: str) -> str:
    context = Context(practice, "intake", "sealed", intake)
    sealed = seal_shreddable(keys.private_key.public, own, person(random).to_bytes(), context)
    return line(intake, practice, bytea(sealed), created)


def _key(practice: int, record: str, own: Secret, created: str) -> Line:
    return "record_key", line(practice, record, bytea(own.reveal()), created)


def _status(chance: float, *, coming: bool) -> str:
    if chance < 0.07:
        return "cancelled"
    if coming:
        return "booked"
    return "no-show" if chance < 0.12 else "done"
