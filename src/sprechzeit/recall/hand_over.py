"""Check-ups go where their person goes: into another record at a merge, and back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sprechzeit.identifiers import PracticeId
from sprechzeit.recall.due import LIVE
from sprechzeit.recall.models import Recall


def hand_over(practice: PracticeId, source: UUID, patient: UUID, now: datetime) -> list[UUID]:
    """Give all to ``patient`` and tell which; of two live ones of a type the patient's stays, the other ends ``now``.

    What was declined goes along too: nobody is asked again because of a merge. Needs ``acting_for``.
    """
    rows = Recall.objects.filter(practice=practice, patient=source)
    moved = list(rows.values_list("id", flat=True))
    held = Recall.objects.filter(practice=practice, patient=patient, state__in=LIVE).values_list(
        "visit_type", flat=True
    )
    doubled = rows.filter(state__in=LIVE, visit_type__in=list(held))
    doubled.update(state=Recall.State.STOPPED, secret_hash=None, changed_at=now)
    rows.update(patient=patient)
    return moved


def hand_back(practice: PracticeId, moved: Collection[UUID], kept: UUID, patient: UUID, at: datetime) -> None:
    """Undo ``hand_over`` of that moment: what ended by it is due again, to be invited anew. Needs ``acting_for``."""
    rows = Recall.objects.filter(practice=practice, id__in=list(moved), patient=kept)
    back = list(rows.values_list("id", flat=True))
    rows.update(patient=patient)
    ended = Recall.objects.filter(practice=practice, id__in=back, state=Recall.State.STOPPED, changed_at=at)
    ended.update(state=Recall.State.DUE)
