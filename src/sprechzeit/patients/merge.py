"""Make one record of two, and two again within 30 days. Appointments are moved by ``booking/merge_patients.py``.

Both records as they were are kept sealed under the practice's data key and their own, each bound to its place in the
table; nothing of them is in the clear, and the data key's rotation seals them anew like any record
(``patients/rotate.py``). The absorbed record's own key stays as long as that; then the database deletes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.correct import write_record
from sprechzeit.patients.errors import MergeGone, PatientNotFound
from sprechzeit.patients.models import Patient, PatientMerge
from sprechzeit.patients.person import FIELDS, NOTE_LENGTH, Person
from sprechzeit.patients.read import Record
from sprechzeit.patients.record_keys import key_of, keys_of
from sprechzeit.patients.restricted import restrict_merged, restrict_parted
from sprechzeit.patients.sealed import seal_patient
from sprechzeit.vault import Context, PracticeKeys, open_keyed, seal_keyed

REVERSIBLE = timedelta(days=30)
OWN, OTHER, BOTH = "own", "other", "both"


@dataclass(frozen=True, repr=False)
class Before:
    """A merge that can be undone, with both records as they were."""

    row: PatientMerge
    kept: Person
    absorbed: Person

    def __repr__(self) -> str:
        return "Before(…)"


def both_notes(own: Person, other: Person) -> str:
    """The two notes one after the other; empty when they are too long together or one says nothing."""
    together = f"{own.note}\n{other.note}"
    return together if own.note and other.note and own.note != other.note and len(together) <= NOTE_LENGTH else ""


def choose(own: Person, other: Person, take: Mapping[str, str]) -> Person:
    """The merged person: for each field ``own``, ``other`` or, for the note, ``both``.

    Raises
    ------
    Invalid
        A choice is none of these.
    """
    values: dict[str, object] = {}
    for field in FIELDS:
        chosen = take.get(field, OWN)
        if chosen == OTHER:
            values[field] = getattr(other, field)
        elif chosen == BOTH and field == "note" and both_notes(own, other):
            values[field] = both_notes(own, other)
        elif chosen != OWN:
            raise Invalid(_("Bitte treffen Sie eine Auswahl."), field=field)
    return replace(own, **values)  # type: ignore[arg-type]  # each value is of the field that it came from


def absorb(
    keys: PracticeKeys,
    kept: Record,
    absorbed: Record,
    person: Person,
    appointments: list[UUID],
    consents: list[UUID],
    recalls: list[UUID],
    now: datetime,
) -> UUID:
    """Write ``person`` into the kept record and delete the other one, remembering both; tell the merge's id.

    Needs ``acting_for``, both rows' locks and ``keys_for_writing``; the caller has moved appointments,
    consents and check-ups at ``now``.
    """
    merge = new_id()
    PatientMerge.objects.create(
        id=merge,
        practice_id=keys.practice,
        kept=kept.id,
        absorbed=absorbed.id,
        kept_sealed=_seal(keys, merge, "kept_sealed", kept),
        absorbed_sealed=_seal(keys, merge, "absorbed_sealed", absorbed),
        absorbed_version=absorbed.version,
        absorbed_created_at=absorbed.created_at,
        merged_version=kept.version + 1,
        appointments=appointments,
        consents=consents,
        recalls=recalls,
        created_at=now,
    )
    write_record(keys, kept.id, person, kept.version + 1, before=kept.person)
    restrict_merged(PracticeId(keys.practice), merge)
    Patient.objects.filter(practice=keys.practice, id=absorbed.id).delete()
    return merge


def last_merge(keys: PracticeKeys, kept: UUID) -> Before | None:
    """The latest merge into this record, while it can be undone; needs ``acting_for``."""
    row = _reversible(PracticeId(keys.practice), kept).first()
    return _opened(keys, row) if row else None


def merges_of(keys: PracticeKeys, patient: UUID) -> list[Before]:
    """All that is remembered of who was merged into this patient, over any number of merges; needs ``acting_for``."""
    found: list[Before] = []
    into = [patient]
    while into:
        rows = list(PatientMerge.objects.filter(practice=keys.practice, kept__in=into).order_by("created_at", "id"))
        found += [_opened(keys, row) for row in rows if len(keys_of(keys.practice, [row.kept, row.absorbed])) == 2]
        into = [row.absorbed for row in rows]
    return found


def merged_at(practice: PracticeId, kept: UUID) -> datetime | None:
    """When the latest merge into this record was, while it can be undone; needs ``acting_for``."""
    return _reversible(practice, kept).values_list("created_at", flat=True).first()


def _reversible(practice: PracticeId, kept: UUID) -> QuerySet[PatientMerge]:
    recent = PatientMerge.objects.filter(practice=practice, kept=kept, created_at__gt=clock.now() - REVERSIBLE)
    return recent.order_by("-created_at", "-id")


def part(keys: PracticeKeys, kept: Record, merge: UUID) -> Before:
    """Make two records of one again, each as it was before; the caller moves the rest back.

    Needs ``acting_for``, the kept row's lock and ``keys_for_writing``. Versions go on, so that no older page fits.

    Raises
    ------
    MergeGone
        It is not the latest one into this record, or too old, or undone.
    """
    before = last_merge(keys, kept.id)
    if before is None or before.row.id != merge:
        raise MergeGone
    row = before.row
    write_record(keys, kept.id, before.kept, kept.version + 1, before=kept.person)
    own = key_of(keys.practice, row.absorbed)
    if own is None:
        raise MergeGone
    name, whole = seal_patient(keys, row.absorbed, before.absorbed, own)
    Patient.objects.create(
        id=row.absorbed,
        practice_id=keys.practice,
        name_sealed=name,
        record_sealed=whole,
        version=row.absorbed_version + 1,
    )
    Patient.objects.filter(practice=keys.practice, id=row.absorbed).update(created_at=row.absorbed_created_at)
    restrict_parted(row)
    PatientMerge.objects.filter(practice=keys.practice, id=row.id).delete()
    return before


def forget_merges_of(practice: PracticeId, patient: UUID) -> int:
    """Delete what is remembered of all who were merged into this patient, over any number of merges; tell how many."""
    into = [patient]
    rows: list[UUID] = []
    while into:
        found = list(PatientMerge.objects.filter(practice=practice, kept__in=into).values_list("id", "absorbed"))
        rows += [merge for merge, _absorbed in found]
        into = [absorbed for _merge, absorbed in found]
    deleted, _by_table = PatientMerge.objects.filter(practice=practice, id__in=rows).delete()
    return deleted


def forget_merges(practice: PracticeId) -> int:
    """Delete what can no longer be undone; tell how many."""
    with acting_for(practice):
        old = PatientMerge.objects.filter(practice=practice, created_at__lte=clock.now() - REVERSIBLE)
        deleted, _by_table = old.delete()
    return deleted


def _context(keys: PracticeKeys, merge: UUID, column: str) -> Context:
    return Context(keys.practice, "patient_merge", column, str(merge))


def _seal(keys: PracticeKeys, merge: UUID, column: str, record: Record) -> bytes:
    """Under the own key of that record: what is remembered of it goes when it is erased."""
    own = key_of(keys.practice, record.id)
    if own is None:
        raise PatientNotFound
    return seal_keyed(keys.keyring.current_key, own, record.person.to_bytes(), _context(keys, merge, column))


def _opened(keys: PracticeKeys, row: PatientMerge) -> Before:
    own = keys_of(keys.practice, [row.kept, row.absorbed])
    if len(own) < 2:
        raise MergeGone
    kept = open_keyed(keys.keyring, own[row.kept], bytes(row.kept_sealed), _context(keys, row.id, "kept_sealed"))
    place = _context(keys, row.id, "absorbed_sealed")
    absorbed = open_keyed(keys.keyring, own[row.absorbed], bytes(row.absorbed_sealed), place)
    return Before(row, Person.from_bytes(kept), Person.from_bytes(absorbed))
