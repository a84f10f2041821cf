"""Seal records anew under the newest data key, batch by batch, in the session of a member who holds it.

No job may do this: no job ever holds a key. It can stop at any point and go on later: which records are left is read
from the key number in each record's header, and both keys stay until none is under the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connections

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.models import Patient
from sprechzeit.staff.membership import reseal_names
from sprechzeit.staff.models import SealedDataKey
from sprechzeit.vault import Context, PracticeKeys, reseal

BATCH = 500
# The key number stands in bytes 2 to 5 of every record (vault/record.py).
LEFT = """
    select count(*) filter (
        where substring(name_sealed from 2 for 4) <> %(key)s or substring(record_sealed from 2 for 4) <> %(key)s
    ), count(*)
    from patient where practice_id = %(practice)s
"""
NEXT = """
    select id, name_sealed, record_sealed from patient
    where practice_id = %(practice)s
        and (substring(name_sealed from 2 for 4) <> %(key)s or substring(record_sealed from 2 for 4) <> %(key)s)
    order by id limit %(batch)s for update skip locked
"""


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
    """How many records are not under the current data key yet."""
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        cursor.execute(LEFT, {"key": current.to_bytes(4, "big"), "practice": practice})
        left, total = cursor.fetchone()
        running = SealedDataKey.objects.filter(practice=practice).count() > 1
    return Progress(left, total, running)


@retrying
def rotate_some(keys: PracticeKeys, actor: Actor, *, batch: int = BATCH) -> Progress:
    """Seal the next ``batch`` records anew; with the last one the old data keys go.

    Two members who do it at the same time take different records.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    practice = PracticeId(keys.practice)
    current = keys.keyring.current
    asked: dict[str, bytes | int] = {"key": current.to_bytes(4, "big"), "practice": practice, "batch": batch}
    with acting_for(practice):
        reseal_names(keys)
        with connections[current_alias()].cursor() as cursor:
            cursor.execute(NEXT, asked)
            rows = cursor.fetchall()
        for patient, name, whole in rows:
            fresh = {"name_sealed": _anew(keys, "name_sealed", patient, name)}
            fresh["record_sealed"] = _anew(keys, "record_sealed", patient, whole)
            Patient.objects.filter(practice=practice, id=patient).update(**fresh)
        done = progress(practice, current)
        if done.running and not done.left:
            SealedDataKey.objects.filter(practice=practice, number__lt=current).delete()
            record(practice, actor, "key.end", details={"number": current, "count": done.total})
            return Progress(0, done.total, running=False)
        return done


def _anew(keys: PracticeKeys, column: str, patient: UUID, sealed: bytes) -> bytes:
    context = Context(keys.practice, "patient", column, str(patient))
    return reseal(keys.keyring, bytes(sealed), context) or bytes(sealed)
