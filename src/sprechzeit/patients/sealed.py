"""The sealed form of a patient: a short line for lists and search, and the whole record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sprechzeit.patients.person import Person
from sprechzeit.vault import Context, PracticeKeys, open_many, open_record, seal_record

SEPARATOR = "\x1f"


@dataclass(frozen=True, repr=False, slots=True)
class Listed:
    """The opened short line of a patient: what a list, the calendar and the search need."""

    id: UUID
    last_name: str
    first_name: str
    birth_date: str  # ISO 8601, or empty
    phone: str
    email: str

    def __repr__(self) -> str:
        return "Listed(…)"

    @property
    def name(self) -> str:
        return f"{self.last_name}, {self.first_name}"

    @property
    def birth_year(self) -> str:
        return self.birth_date[:4]


def seal_patient(keys: PracticeKeys, patient: UUID, person: Person) -> tuple[bytes, bytes]:
    """The two sealed columns of a record: ``name_sealed`` and ``record_sealed``."""
    birth_date = person.birth_date.isoformat() if person.birth_date else ""
    line = SEPARATOR.join([person.last_name, person.first_name, birth_date, person.phone, person.email])
    key = keys.keyring.keys[keys.keyring.current]
    row = str(patient)
    return (
        seal_record(key, line.encode(), Context(keys.practice, "patient", "name_sealed", row)),
        seal_record(key, person.to_bytes(), Context(keys.practice, "patient", "record_sealed", row)),
    )


def open_listed(keys: PracticeKeys, rows: Iterable[tuple[UUID, bytes]]) -> list[Listed]:
    """Open the short lines of many patients, ``(id, name_sealed)``, in order.

    Raises
    ------
    CannotOpen
        Wrong key, or a row was tampered with.
    """
    pairs = list(rows)
    sealed = [(str(patient), bytes(line)) for patient, line in pairs]
    opened = open_many(keys.keyring, sealed, practice=keys.practice, table="patient", column="name_sealed")
    return [Listed(patient, *line.decode().split(SEPARATOR)) for (patient, _), line in zip(pairs, opened, strict=True)]


def open_person(keys: PracticeKeys, patient: UUID, record_sealed: bytes) -> Person:
    """Open a whole record.

    Raises
    ------
    CannotOpen
    """
    context = Context(keys.practice, "patient", "record_sealed", str(patient))
    return Person.from_bytes(open_record(keys.keyring, record_sealed, context))
