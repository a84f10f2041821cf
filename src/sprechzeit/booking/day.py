"""The desk's day: a column for each resource with its openings and appointments, names opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.offer import local_midnight
from sprechzeit.booking.read import appointments_between
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.patients.sealed import open_listed
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.timetable.models import Opening, ScheduleException
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class Name:
    """Who comes, as the calendar shows it. ``repr`` shows nothing."""

    name: str
    birth_year: str
    unread: bool = False

    def __repr__(self) -> str:
        return "Name(…)"


@dataclass(frozen=True, repr=False)
class Entry:
    """An appointment in a column. ``lane`` counts from 0 where a resource serves several at once."""

    appointment: Appointment
    who: Name
    lane: int = 0

    def __repr__(self) -> str:
        return "Entry(…)"


@dataclass(frozen=True)
class Column:
    """One resource on one day; spans are aware moments, half-open."""

    resource: Resource
    openings: tuple[tuple[datetime, datetime], ...]
    entries: tuple[Entry, ...]
    held: tuple[tuple[datetime, datetime], ...]
    absence: str = ""


@dataclass(frozen=True)
class Day:
    """A local day of the practice."""

    day: date
    since: datetime
    until: datetime
    columns: tuple[Column, ...]
    cancelled: tuple[Entry, ...] = field(default=())


def day_of(keys: PracticeKeys, actor: Actor, practice: Practice, day: date, *, kinds: Sequence[str]) -> Day:
    """The day with a column for each resource of these kinds. Which patients were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    since = local_midnight(day, practice.zone)
    until = local_midnight(day + timedelta(days=1), practice.zone)
    with acting_for(number):
        resources = [resource for resource in resources_of(number) if resource.kind in kinds]
        appointments = appointments_between(number, since, until)
        names = names_of(keys, appointments)
        openings = openings_between(number, resources, since, until)
        holds = holds_between(number, since, until)
        absences = absences_between(number, since, until)
        if names:
            record(number, actor, "day.view", sorted(names), {"count": len(names)})
    entries = [Entry(one, names.get(one.patient_id or one.intake_id or one.id, NOBODY)) for one in appointments]
    going = [entry for entry in entries if entry.appointment.status != Appointment.Status.CANCELLED]
    columns = tuple(
        Column(
            resource,
            tuple(openings.get(resource.id, ())),
            tuple(in_lanes(entry for entry in going if resource.id in entry.appointment.resource_ids)),
            tuple(holds.get(resource.id, ())),
            absences.get(resource.id, absences.get(None, "")),
        )
        for resource in resources
    )
    cancelled = tuple(entry for entry in entries if entry.appointment.status == Appointment.Status.CANCELLED)
    return Day(day, since, until, columns, cancelled)


def appointments_of_day(keys: PracticeKeys, actor: Actor, practice: Practice, day: date) -> list[Entry]:
    """All appointments of a local day, cancelled ones included, names opened, earliest first; it is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    with acting_for(number):
        found = appointments_between(
            number, local_midnight(day, practice.zone), local_midnight(day + timedelta(days=1), practice.zone)
        )
        names = names_of(keys, found)
        if names:
            record(number, actor, "day.view", sorted(names), {"count": len(names)})
    return [Entry(one, names.get(one.patient_id or one.intake_id or one.id, NOBODY)) for one in found]


NOBODY = Name("—", "")


def names_of(keys: PracticeKeys, appointments: Iterable[Appointment]) -> dict[UUID, Name]:
    """Open who comes, by patient id or, where no record has been made yet, by intake id. Needs ``acting_for``."""
    appointments = list(appointments)
    practice = keys.practice
    patients = {one.patient_id for one in appointments if one.patient_id}
    rows = Patient.objects.filter(practice=practice, id__in=patients).values_list("id", "name_sealed")
    listed = open_listed(keys, ((patient, bytes(line)) for patient, line in rows))
    names = {patient.id: Name(patient.name, patient.birth_year) for patient in listed}
    unread = {one.intake_id for one in appointments if one.intake_id and not one.patient_id}
    for intake, person in open_intakes(keys, Intake.objects.filter(practice=practice, id__in=unread)).items():
        year = str(person.birth_date.year) if person.birth_date else ""
        names[intake] = Name(person.listed_name, year, unread=True)
    return names


def openings_between(
    practice: PracticeId, resources: list[Resource], since: datetime, until: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = Opening.objects.filter(
        practice=practice, resource__in=resources, starts_at__lt=until, starts_at__gt=since - timedelta(days=1)
    ).order_by("starts_at")
    for resource, starts_at, ends_at in rows.values_list("resource_id", "starts_at", "ends_at"):
        if ends_at > since:
            found.setdefault(resource, []).append((max(starts_at, since), min(ends_at, until)))
    return found


def holds_between(practice: PracticeId, since: datetime, until: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = Occupancy.objects.filter(
        practice=practice, hold__isnull=False, expires_at__gt=clock.now(), starts_at__lt=until,
        ends_at__gt=since,
    )  # fmt: skip
    for resource, starts_at, ends_at in rows.values_list("lane__resource_id", "starts_at", "ends_at"):
        found.setdefault(resource, []).append((starts_at, ends_at))
    return found


def absences_between(practice: PracticeId, since: datetime, until: datetime) -> dict[int | None, str]:
    """The first label of absences and closures that touch the day; a closure stands under None."""
    rows = ScheduleException.objects.filter(practice=practice, during__overlap=(since, until)).exclude(
        Q(kind=ScheduleException.Kind.EXTRA) | Q(label="")
    )
    return dict(rows.order_by("-during").values_list("resource_id", "label"))


def in_lanes(entries: Iterable[Entry]) -> list[Entry]:
    """Place entries that overlap side by side, each in the first lane that is free again."""
    ends: list[datetime] = []
    placed: list[Entry] = []
    for entry in entries:
        starts_at = entry.appointment.starts_at
        lane = next((number for number, end in enumerate(ends) if end <= starts_at), len(ends))
        ends[lane : lane + 1] = [entry.appointment.ends_at]
        placed.append(Entry(entry.appointment, entry.who, lane))
    return placed
