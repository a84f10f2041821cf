"""Consents go where their person goes: from an intake into a record, into another record at a merge, and back.

None is ever deleted while its record exists: one that gives way to an equal one ends and stays as proof.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import Whose, consents_of
from sprechzeit.patients.models import Consent


def hand_over(practice: PracticeId, source: Whose, patient: UUID, now: datetime) -> list[UUID]:
    """Give all consents to ``patient`` and tell which; of two equal ones the patient's stays, the other ends ``now``.

    Needs ``acting_for`` and ``alone``.
    """
    rows = consents_of(practice, source)
    moved = list(rows.values_list("id", flat=True))
    held = consents_of(practice, Whose(patient=patient)).filter(withdrawn_at=None).values("purpose")
    rows.filter(withdrawn_at=None, purpose__in=list(held.values_list("purpose", flat=True))).update(withdrawn_at=now)
    Consent.objects.filter(practice=practice, id__in=moved).update(patient=patient, intake=None)
    return moved


def hand_back(practice: PracticeId, moved: Collection[UUID], kept: UUID, patient: UUID, at: datetime) -> None:
    """Undo ``hand_over`` of that moment. What the person has withdrawn since stays withdrawn on both sides.

    Needs ``acting_for`` and ``alone``.
    """
    rows = Consent.objects.filter(practice=practice, id__in=list(moved), patient=kept)
    held = consents_of(practice, Whose(patient=kept)).filter(withdrawn_at=None)
    still = list(held.values_list("purpose", flat=True))
    back = list(rows.values_list("id", flat=True))
    rows.update(patient=patient)
    ended = Consent.objects.filter(practice=practice, id__in=back, withdrawn_at=at, purpose__in=still)
    ended.update(withdrawn_at=None)
