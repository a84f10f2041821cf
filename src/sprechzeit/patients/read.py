"""Open one patient's whole record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.errors import PatientNotFound
from sprechzeit.patients.models import Patient
from sprechzeit.patients.person import Person
from sprechzeit.patients.record_keys import key_of
from sprechzeit.patients.sealed import open_person
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class Record:
    """A patient's record, opened. ``version`` is what a change must name.

    ``restricted_at``: since when processing is restricted (GDPR Art. 18), None while it is not.
    """

    id: UUID
    person: Person
    version: int
    created_at: datetime
    restricted_at: datetime | None = None

    def __repr__(self) -> str:
        return "Record(…)"


def open_patient(keys: PracticeKeys, patient: UUID, *, locked: bool = False) -> Record:
    """Open the record; needs ``acting_for``, and the caller writes the event. ``locked``: nobody changes it meanwhile.

    Raises
    ------
    PatientNotFound
    CannotOpen
        The record was tampered with.
    """
    rows = Patient.objects.select_for_update() if locked else Patient.objects.all()
    row = rows.filter(practice=keys.practice, id=patient).first()
    key = key_of(keys.practice, patient)
    if row is None or key is None:
        raise PatientNotFound
    person = open_person(keys, row.id, bytes(row.record_sealed), key)
    return Record(row.id, person, row.version, row.created_at, row.restricted_at)


def open_patients_locked(keys: PracticeKeys, *patients: UUID) -> list[Record]:
    """Several, locked in one order whoever asks, told in the order asked for; like ``open_patient`` otherwise."""
    opened = {patient: open_patient(keys, patient, locked=True) for patient in sorted(patients)}
    return [opened[patient] for patient in patients]


def require_patient(practice: PracticeId, patient: UUID) -> UUID:
    """The same id, when there is such a record; nothing is opened.

    Raises
    ------
    PatientNotFound
    """
    with acting_for(practice):
        if not Patient.objects.filter(practice=practice, id=patient).exists():
            raise PatientNotFound
    return patient
