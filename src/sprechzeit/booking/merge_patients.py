"""Merge two patients who are one person, and undo that: records and appointments in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.goes_along import hand_recalls_back, hand_recalls_over
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.once import Result, once
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import Whose, alone
from sprechzeit.patients.errors import MergeGone, PatientChanged, SamePatient
from sprechzeit.patients.followers import move_followers, move_followers_back
from sprechzeit.patients.hand_over import hand_back, hand_over
from sprechzeit.patients.merge import Before, absorb, choose, last_merge, part
from sprechzeit.patients.read import Record, open_patient, open_patients_locked
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class Pair:
    """Two records side by side, and how many appointments each has."""

    own: Record
    other: Record
    own_appointments: int
    other_appointments: int

    def __repr__(self) -> str:
        return "Pair(…)"


@dataclass(frozen=True, repr=False)
class Undoable:
    """The record as it is now, and as both were before the merge. ``changed``: corrections since would be lost."""

    now: Record
    before: Before
    changed: bool

    def __repr__(self) -> str:
        return "Undoable(…)"


def compare_patients(keys: PracticeKeys, actor: Actor, own: UUID, other: UUID) -> Pair:
    """Open two records beside each other; both are recorded as looked at.

    Raises
    ------
    SamePatient, PatientNotFound, CannotOpen
    """
    practice = PracticeId(keys.practice)
    if own == other:
        raise SamePatient
    with acting_for(practice):
        both = open_patient(keys, own), open_patient(keys, other)
        record(practice, actor, "patient.view", [own, other])
        counts = [Appointment.objects.filter(practice=practice, patient=one).count() for one in (own, other)]
    return Pair(*both, *counts)


@retrying
def merge_patients(
    keys: PracticeKeys,
    actor: Actor,
    kept: UUID,
    absorbed: UUID,
    take: Mapping[str, str],
    *,
    versions: tuple[int, int],
    key: str = "",
) -> None:
    """Move everything of ``absorbed`` to ``kept``; of each field take the ``own`` value, the ``other`` or ``both``.

    ``versions`` are of the kept and the absorbed record as the caller saw them. For 30 days it can be undone.

    Raises
    ------
    SamePatient, PatientNotFound, PatientChanged, KeyReused, CannotOpen
    Invalid
        A choice is none, told at its field.
    """
    practice = PracticeId(keys.practice)
    if kept == absorbed:
        raise SamePatient
    with acting_for(practice):

        def merge() -> Result:
            alone(practice)
            fresh = keys_for_writing(keys)
            own, other = open_patients_locked(fresh, kept, absorbed)
            if (own.version, other.version) != versions:
                raise PatientChanged
            person = choose(own.person, other.person, take)
            moved = _move_appointments(practice, absorbed, kept)
            now = clock.now()
            followed = move_followers(practice, absorbed, kept)
            consents = hand_over(practice, Whose(patient=absorbed), kept, now)
            recalls = hand_recalls_over(practice, absorbed, kept, now)
            merge_id = absorb(fresh, own, other, person, [*moved, *followed], consents, recalls, now)
            record(practice, actor, "patient.merge", [kept, absorbed], {"count": len(moved)})
            return {"merge": str(merge_id)}

        once(practice, key, ("merge-patients", kept, absorbed, *versions), merge)


def undoable_merge(keys: PracticeKeys, actor: Actor, kept: UUID) -> Undoable:
    """What the latest merge into this record would be undone to; a look at both, and recorded.

    Raises
    ------
    PatientNotFound, MergeGone, CannotOpen
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        now = open_patient(keys, kept)
        before = last_merge(keys, kept)
        if before is None:
            raise MergeGone
        record(practice, actor, "patient.view", [kept, before.row.absorbed])
    return Undoable(now, before, changed=now.version != before.row.merged_version)


@retrying
def undo_merge(keys: PracticeKeys, actor: Actor, kept: UUID, merge: UUID, *, version: int, key: str = "") -> None:
    """Both records as they were before, and the appointments that moved back where they were.

    Appointments made since stay with ``kept``, and so do moved ones that somebody gave to another patient since.

    Raises
    ------
    PatientNotFound, PatientChanged, MergeGone, KeyReused, CannotOpen
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):

        def undo() -> Result:
            alone(practice)
            fresh = keys_for_writing(keys)
            found = open_patient(fresh, kept, locked=True)
            if found.version != version:
                raise PatientChanged
            row = part(fresh, found, merge).row
            back = Appointment.objects.filter(practice=practice, id__in=row.appointments, patient=kept)
            count = back.update(patient=row.absorbed)
            move_followers_back(practice, row.appointments, kept, row.absorbed)
            hand_back(practice, row.consents, kept, row.absorbed, row.created_at)
            hand_recalls_back(practice, row.recalls, kept, row.absorbed, row.created_at)
            record(practice, actor, "patient.unmerge", [kept, row.absorbed], {"count": count})
            return {"patient": str(row.absorbed)}

        once(practice, key, ("undo-merge", merge, version), undo)


def _move_appointments(practice: PracticeId, source: UUID, target: UUID) -> list[UUID]:
    theirs = Appointment.objects.filter(practice=practice, patient=source)
    moved = list(theirs.order_by("id").values_list("id", flat=True))
    theirs.update(patient=target)
    return moved
