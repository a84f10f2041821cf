"""Who comes, as the calendar shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sprechzeit.booking.models import Appointment
from sprechzeit.database.statements import fetch_planned
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.sealed import SOME, open_listed
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False, slots=True)
class Name:
    """Who comes, as the calendar shows it. ``repr`` shows nothing."""

    name: str
    birth_year: str
    unread: bool = False

    def __repr__(self) -> str:
        return "Name(…)"


NOBODY = Name("—", "")


def names_of(keys: PracticeKeys, appointments: Iterable[Appointment]) -> dict[UUID, Name]:
    """Open who comes, by patient id or, where no record has been made yet, by intake id. Needs ``acting_for``."""
    appointments = list(appointments)
    practice = keys.practice
    patients = list({one.patient_id for one in appointments if one.patient_id})
    # One array instead of hundreds of parameters: that is most of the time of a full day.
    rows = fetch_planned(SOME, {"practice": practice, "patients": patients}) if patients else []
    listed = open_listed(keys, rows)
    names = {patient.id: Name(patient.name, patient.birth_year) for patient in listed}
    unread = {one.intake_id for one in appointments if one.intake_id and not one.patient_id}
    if not unread:
        return names
    for intake, person in open_intakes(keys, Intake.objects.filter(practice=practice, id__in=unread)).items():
        year = str(person.birth_date.year) if person.birth_date else ""
        names[intake] = Name(person.listed_name, year, unread=True)
    return names


def name_of(names: dict[UUID, Name], appointment: Appointment) -> Name:
    """The opened name, or a dash for somebody who was deleted."""
    return names.get(appointment.patient_id or appointment.intake_id or appointment.id, NOBODY)
