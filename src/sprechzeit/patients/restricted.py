"""Processing restricted (GDPR Art. 18): a mark on a record, who asks for it, and what becomes of it at a merge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.errors import PatientNotFound
from sprechzeit.patients.models import Patient, PatientMerge


def restricted_since(practice: PracticeId, patient: UUID) -> datetime | None:
    """Since when, None while it is not.

    Raises
    ------
    PatientNotFound
    """
    with acting_for(practice):
        found = Patient.objects.filter(practice=practice, id=patient).values_list("restricted_at").first()
    if found is None:
        raise PatientNotFound
    return found[0]


def restricted_among(practice: PracticeId, patients: Collection[UUID]) -> frozenset[UUID]:
    """Those of whom processing is restricted; one statement."""
    if not patients:
        return frozenset()
    with acting_for(practice):
        rows = Patient.objects.filter(practice=practice, id__in=list(patients), restricted_at__isnull=False)
        return frozenset(rows.values_list("id", flat=True))


def restrict_merged(practice: PracticeId, merge: UUID) -> None:
    """The kept record is restricted when one of the two was, since the earlier moment; both are remembered.

    Needs ``acting_for``, and both records still there.
    """
    row = PatientMerge.objects.get(practice=practice, id=merge)
    theirs = dict(
        Patient.objects.filter(practice=practice, id__in=[row.kept, row.absorbed]).values_list("id", "restricted_at")
    )
    row.kept_restricted_at, row.absorbed_restricted_at = theirs.get(row.kept), theirs.get(row.absorbed)
    row.save(update_fields=["kept_restricted_at", "absorbed_restricted_at"])
    since = [one for one in theirs.values() if one is not None]
    Patient.objects.filter(practice=practice, id=row.kept).update(restricted_at=min(since, default=None))


def restrict_parted(row: PatientMerge) -> None:
    """Each as before the merge. Lifted since, it is lifted of both; set since, it holds for both. Needs ``acting_for``.

    Both records are there again.
    """
    before = {row.kept: row.kept_restricted_at, row.absorbed: row.absorbed_restricted_at}
    now = Patient.objects.filter(practice=row.practice_id, id=row.kept).values_list("restricted_at", flat=True).get()
    as_before = any(before.values()) and now is not None
    for patient, since in before.items():
        Patient.objects.filter(practice=row.practice_id, id=patient).update(restricted_at=since if as_before else now)
