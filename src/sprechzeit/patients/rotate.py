"""Seal records anew under the newest data key, batch by batch, in the session of a member who holds it.

No job may do this: no job ever holds a key. It can stop at any point and go on later: what is left is read from the
key number in each record's header, and both keys stay until nothing is under the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connections

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.record_keys import keys_of
from sprechzeit.staff.models import SealedDataKey
from sprechzeit.vault import CannotOpen, Context, PracticeKeys, Secret, reseal, reseal_keyed

BATCH = 500


@dataclass(frozen=True)
class Sealed:
    """A column under the data key: it is bound to table, column and the row's ``row`` column (vault/context.py)."""

    table: str
    column: str
    row: str = "id"
    key_of: str = ""
    """The column that names the record whose own key it is under besides; none for what is the practice's own."""

    @property
    def is_old(self) -> str:
        # The key number stands in bytes 2 to 5 of every record (vault/record.py).
        return f"substring({self.column} from 2 for 4) <> %(key)s"


UNDER_THE_DATA_KEY = (
    Sealed("membership", "name_sealed", row="member_id"),
    Sealed("appointment_note", "note_sealed", row="appointment_id", key_of="appointment_id"),
    Sealed("alarm", "note_sealed"),
    Sealed("block", "note_sealed"),
    Sealed("incident", "texts_sealed"),
    Sealed("patient", "name_sealed", key_of="id"),
    Sealed("patient", "record_sealed", key_of="id"),
    Sealed("patient_merge", "kept_sealed", key_of="kept"),
    Sealed("patient_merge", "absorbed_sealed", key_of="absorbed"),
)
"""All of them: what is missing here is lost when the old data key goes (tests/patients/test_rotation.py looks)."""


@dataclass(frozen=True)
class Progress:
    """How far the rotation is; ``left`` is 0 and ``running`` False when all is under one key."""

    left: int
    total: int
    running: bool

    @property
    def percent(self) -> int:
        return 100 if not self.total else 100 * (self.total - self.left) // self.total


def progress(practice: PracticeId, current: int) -> Progress:
    """How many rows are not under the current data key yet."""
    left = total = 0
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        for table, columns in _tables().items():
            old = " or ".join(one.is_old for one in columns)
            sealed = " or ".join(f"{one.column} is not null" for one in columns)
            cursor.execute(
                f"select count(*) filter (where {old}), count(*) filter (where {sealed})"  # noqa: S608 - names from the registry above
                f" from {table} where practice_id = %(practice)s",
                {"key": current.to_bytes(4, "big"), "practice": practice},
            )
            of_table = cursor.fetchone()
            left, total = left + of_table[0], total + of_table[1]
        running = SealedDataKey.objects.filter(practice=practice).count() > 1
    return Progress(left, total, running)


@retrying
def rotate_some(keys: PracticeKeys, actor: Actor, *, batch: int = BATCH) -> Progress:
    """Seal the next ``batch`` rows of each table anew; with the last one the old data keys go.

    Two members who do it at the same time take different rows.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    practice = PracticeId(keys.practice)
    current = keys.keyring.current
    with acting_for(practice):
        for table, columns in _tables().items():
            _rotate_table(keys, table, columns, batch)
        done = progress(practice, current)
        if done.running and not done.left:
            SealedDataKey.objects.filter(practice=practice, number__lt=current).delete()
            record(practice, actor, "key.end", details={"number": current, "count": done.total})
            return Progress(0, done.total, running=False)
        return done


def _tables() -> dict[str, list[Sealed]]:
    found: dict[str, list[Sealed]] = {}
    for one in UNDER_THE_DATA_KEY:
        found.setdefault(one.table, []).append(one)
    return found


def _rotate_table(keys: PracticeKeys, table: str, columns: list[Sealed], batch: int) -> None:
    names = ", ".join([*(one.column for one in columns), *(one.key_of or "null" for one in columns)])
    old = " or ".join(one.is_old for one in columns)
    fresh = ", ".join(f"{one.column} = %s" for one in columns)
    row = columns[0].row
    current = keys.keyring.current.to_bytes(4, "big")
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            f"select {row}, {names} from {table} where practice_id = %(practice)s and ({old})"  # noqa: S608 - names from the registry above
            f" order by {row} limit %(batch)s for update skip locked",
            {"key": current, "practice": keys.practice, "batch": batch},
        )
        rows = cursor.fetchall()
        own = keys_of(keys.practice, {record for row in rows for record in row[1 + len(columns) :] if record})
        for found, *values in rows:
            records = values[len(columns) :]
            anew = [
                _reseal(keys, bytes(value), Context(keys.practice, table, one.column, str(found)), record, own)
                for one, value, record in zip(columns, values, records, strict=False)
            ]
            cursor.execute(
                f"update {table} set {fresh} where practice_id = %s and {row} = %s",  # noqa: S608 - names from the registry above
                [*anew, keys.practice, found],
            )


def _reseal(
    keys: PracticeKeys, sealed: bytes, context: Context, record: UUID | None, own: Mapping[UUID, Secret]
) -> bytes:
    if record is None:
        return reseal(keys.keyring, sealed, context) or sealed
    if record not in own:
        raise CannotOpen
    return reseal_keyed(keys.keyring, own[record], sealed, context) or sealed
