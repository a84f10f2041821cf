"""The sealed form of a patient: a short line for lists and search, and the whole record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sprechzeit.database.statements import fetch_planned
from sprechzeit.patients.person import Person
from sprechzeit.vault import Context, PracticeKeys, Secret, open_keyed, open_many, seal_keyed

SEPARATOR = "\x1f"
# Whose key is gone was erased, and is not there.
LINES = """
    name_sealed, record_key.key from patient
    join record_key on record_key.practice_id = patient.practice_id and record_key.record = patient.id
    where patient.practice_id = %(practice)s::int8
"""
EVERYBODY = f"select patient.id, {LINES}"
EVERYBODY_BY_TEXT = f"select patient.id::text, {LINES}"  # spares a UUID for each of many
SOME = f"{EVERYBODY} and patient.id = any(%(patients)s::uuid[])"
Line = tuple[UUID, bytes, bytes]  # a patient's id, name_sealed, and the record's own key


@dataclass(frozen=True, repr=False, slots=True)
class Listed:
    """The opened short line of a patient: what a list, the calendar and the search need."""

    id: UUID
    last_name: str
    first_name: str
    birth_date: str  # ISO 8601, or empty
    phone: str
    email: str
    is_restricted: bool = field(default=False, kw_only=True)  # processing, GDPR Art. 18; only the search asks for it

    def __repr__(self) -> str:
        return "Listed(…)"

    @property
    def name(self) -> str:
        return f"{self.last_name}, {self.first_name}"

    @property
    def birth_year(self) -> str:
        return self.birth_date[:4]


def seal_patient(keys: PracticeKeys, patient: UUID, person: Person, record_key: Secret) -> tuple[bytes, bytes]:
    """The two sealed columns of a record: ``name_sealed`` and ``record_sealed``."""
    birth_date = person.birth_date.isoformat() if person.birth_date else ""
    line = SEPARATOR.join([person.last_name, person.first_name, birth_date, person.phone, person.email])
    key = keys.keyring.keys[keys.keyring.current]
    row = str(patient)
    return (
        seal_keyed(key, record_key, line.encode(), Context(keys.practice, "patient", "name_sealed", row)),
        seal_keyed(key, record_key, person.to_bytes(), Context(keys.practice, "patient", "record_sealed", row)),
    )


def read_listed(keys: PracticeKeys, patients: Collection[UUID] | None = None) -> list[Listed]:
    """Open the short lines of these patients, or of all, in no order; those who are gone are left out.

    Needs ``acting_for``; one statement.

    Raises
    ------
    CannotOpen
        Wrong key, or a row was tampered with.
    """
    if patients is not None and not patients:
        return []
    values: dict[str, object] = {"practice": keys.practice}
    if patients is None:
        return open_listed(keys, fetch_planned(EVERYBODY, values))
    return open_listed(keys, fetch_planned(SOME, {**values, "patients": list(patients)}))


def read_likely(keys: PracticeKeys, likely: Callable[[str], bool]) -> list[Listed]:
    """Open the short lines of all patients and give back those of which ``likely`` says yes, in no order.

    It is asked about the whole line, its parts with ``SEPARATOR`` between them: to take apart 100,000 lines costs as
    much as to open them. Needs ``acting_for``.

    Raises
    ------
    CannotOpen
    """
    rows = fetch_planned(EVERYBODY_BY_TEXT, {"practice": keys.practice})
    opened = open_many(keys.keyring, rows, practice=keys.practice, table="patient", column="name_sealed")
    lines = [line.decode() for line in opened]
    return [Listed(UUID(row[0]), *line.split(SEPARATOR)) for row, line in zip(rows, lines, strict=True) if likely(line)]


def open_listed(keys: PracticeKeys, rows: Iterable[Line]) -> list[Listed]:
    """Open the short lines of many patients, in order.

    Raises
    ------
    CannotOpen
        Wrong key, or a row was tampered with.
    """
    lines = list(rows)
    sealed = [(str(patient), bytes(line), bytes(key)) for patient, line, key in lines]
    opened = open_many(keys.keyring, sealed, practice=keys.practice, table="patient", column="name_sealed")
    return [
        Listed(patient, *line.decode().split(SEPARATOR)) for (patient, _, _), line in zip(lines, opened, strict=True)
    ]


def open_person(keys: PracticeKeys, patient: UUID, record_sealed: bytes, record_key: Secret) -> Person:
    """Open a whole record.

    Raises
    ------
    CannotOpen
    """
    context = Context(keys.practice, "patient", "record_sealed", str(patient))
    return Person.from_bytes(open_keyed(keys.keyring, record_key, record_sealed, context))
