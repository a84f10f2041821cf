"""Seal records anew under the newest data key, batch by batch, in the session of a member who holds it.

No job may do this: no job ever holds a key. It can stop at any point and go on later: what is left is read from the
key number in each record's header, and both keys stay until nothing is under the old one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.models import SealedDataKey
from sprechzeit.vault import Context, PracticeKeys, reseal

BATCH = 500


@dataclass(frozen=True)
class Sealed:
    """A column under the data key: it is bound to table, column and the row's ``row`` column (vault/context.py)."""

    table: str
    column: str
    row: str = "id"

    @property
    def is_old(self) -> str:
        # The key number stands in bytes 2 to 5 of every record (vault/record.py).
        return f"substring({self.column} from 2 for 4) <> %(key)s"


UNDER_THE_DATA_KEY = (
    Sealed("membership", "name_sealed", row="member_id"),
    Sealed("appointment_note", "note_sealed", row="appointment_id"),
    Sealed("block", "note_sealed"),
    Sealed("patient", "name_sealed"),
    Sealed("patient", "record_sealed"),
    Sealed("patient_merge", "kept_sealed"),
    Sealed("patient_merge", "absorbed_sealed"),
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
    names = ", ".join(one.column for one in columns)
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
        for found, *sealed in cursor.fetchall():
            anew = [
                reseal(keys.keyring, bytes(value), Context(keys.practice, table, one.column, str(found)))
                or bytes(value)
                for one, value in zip(columns, sealed, strict=True)
            ]
            cursor.execute(
                f"update {table} set {fresh} where practice_id = %s and {row} = %s",  # noqa: S608 - names from the registry above
                [*anew, keys.practice, found],
            )
