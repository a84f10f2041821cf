"""What stands on a day sheet: who comes when, to whom and what for, as plain values for the page that opens it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import phonenumbers

from sprechzeit.booking.block_note import open_block_notes
from sprechzeit.booking.models import Appointment, Block
from sprechzeit.booking.note import comments, open_comment
from sprechzeit.booking.read import appointments_between
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.sealed import read_listed
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.vault import CannotOpen, PracticeKeys

UNREADABLE = "?"  # a damaged comment does not keep a whole day from being printed
CLINICIAN = Resource.Kind.CLINICIAN
Values = dict[str, Any]


@dataclass(frozen=True, repr=False)
class SheetContent:
    """The opened days, and whose data they hold. ``repr`` shows nothing."""

    days: list[Values]
    subjects: list[UUID]

    def __repr__(self) -> str:
        return "SheetContent(…)"


def sheet_content(keys: PracticeKeys, practice: Practice, days: Iterable[date]) -> SheetContent:
    """Open what is booked on these local days, cancelled ones left out. Needs ``acting_for``.

    Raises
    ------
    CannotOpen
        A name was tampered with.
    """
    days = list(days)
    number, zone = PracticeId(practice.id), practice.zone
    since, until = local_midnight(days[0], zone), local_midnight(days[-1] + timedelta(days=1), zone)
    found = [
        one
        for one in appointments_between(number, since, until)
        if one.status != Appointment.Status.CANCELLED and one.starts_at.astimezone(zone).date() in days
    ]
    resources = {one.id: one for one in Resource.objects.filter(practice=practice).order_by("position", "id")}
    who = _who(keys, found)
    notes = _notes(keys, found)
    blocks = list(Block.objects.filter(practice=practice, starts_at__gte=since, starts_at__lt=until))
    reasons = open_block_notes(keys, blocks)
    filled: list[Values] = []
    for day in days:
        columns: dict[int, list[Values]] = {}
        for one in found:
            if one.starts_at.astimezone(zone).date() != day:
                continue
            line = _line(one, practice, resources) | who.get(one.patient_id or one.intake_id or one.id, {})
            line["note"] = notes.get(one.id, "")
            for column in _columns_of(one, resources):
                columns.setdefault(column, []).append(line)
        for block in blocks:
            if block.starts_at.astimezone(zone).date() == day:
                line = _times(block.starts_at, block.ends_at, practice) | {"block": reasons.get(block.id, "")}
                columns.setdefault(block.resource_id, []).append(line)
        filled.append(
            {
                "day": day.isoformat(),
                "columns": [
                    {"name": one.name, "lines": sorted(columns[one.id], key=lambda line: line["from"])}
                    for one in resources.values()
                    if one.id in columns
                ],
            }
        )
    return SheetContent(filled, sorted(who))


def _columns_of(appointment: Appointment, resources: dict[int, Resource]) -> list[int]:
    """Its clinicians; the first room or device where there is none."""
    known = [one for one in appointment.resource_ids if one in resources]
    return [one for one in known if resources[one].kind == CLINICIAN] or known[:1]


def _times(start: datetime, end: datetime, practice: Practice) -> Values:
    local = start.astimezone(practice.zone)
    return {"from": f"{local:%H:%M}", "minutes": round((end - start).total_seconds() / 60)}


def _line(one: Appointment, practice: Practice, resources: dict[int, Resource]) -> Values:
    visit_type = one.visit_type
    return _times(one.starts_at, one.ends_at, practice) | {
        "visit": {"de": visit_type.name_de, "en": visit_type.name_en or visit_type.name_de},
        "where": [
            resources[place].name
            for place in one.resource_ids
            if place in resources and resources[place].kind != CLINICIAN
        ],
        "status": one.status,
        "type": one.appointment_type,
    }


def _who(keys: PracticeKeys, appointments: list[Appointment]) -> dict[UUID, Values]:
    """Names, birth dates and phones by the id of the patient or, where nobody has taken it over, of the intake."""
    patients = {one.patient_id for one in appointments if one.patient_id}
    opened: dict[UUID, Values] = {}
    for patient in read_listed(keys, patients):
        opened[patient.id] = {"name": patient.name, "birth": patient.birth_date, "phone": _phone(patient.phone)}
    unread = {one.intake_id for one in appointments if one.intake_id and not one.patient_id}
    for intake, person in open_intakes(keys, Intake.objects.filter(practice=keys.practice, id__in=unread)).items():
        birth = person.birth_date.isoformat() if person.birth_date else ""
        opened[intake] = {"name": person.listed_name, "birth": birth, "phone": _phone(person.phone), "unread": True}
    return opened


def _phone(number: str) -> str:
    """In groups, to be dialled by hand."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _notes(keys: PracticeKeys, appointments: list[Appointment]) -> dict[UUID, str]:
    notes = {}
    for row in comments(PracticeId(keys.practice), [one.id for one in appointments]):
        try:
            notes[row.appointment] = open_comment(keys, row)
        except (CannotOpen, UnicodeDecodeError):
            notes[row.appointment] = UNREADABLE
    return notes
