"""Places on the list go where their patient goes: into another record at a merge and back, and away."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import forget_address
from sprechzeit.waiting.models import ENTRY_LIVE, WaitingEntry
from sprechzeit.waiting.offering import end_entry

WITHDRAWN = WaitingEntry.State.WITHDRAWN


def move(practice: PracticeId, source: UUID, target: UUID) -> list[UUID]:
    """Give all places of one record to another, tell which; nobody waits for the same twice. Needs ``acting_for``."""
    held = WaitingEntry.objects.filter(practice=practice, patient=target, state__in=ENTRY_LIVE)
    twice = set(held.values_list("visit_type", flat=True))
    theirs = list(WaitingEntry.objects.filter(practice=practice, patient=source).order_by("id"))
    for entry in theirs:
        if entry.is_live and entry.visit_type_id in twice:
            end_entry(entry, WITHDRAWN)
    moved = [one.id for one in theirs]
    WaitingEntry.objects.filter(practice=practice, id__in=moved).update(patient=target)
    return moved


def move_back(practice: PracticeId, moved: Collection[UUID], kept: UUID, patient: UUID) -> None:
    """Undo that, of those that are still there. Needs ``acting_for``."""
    WaitingEntry.objects.filter(practice=practice, id__in=list(moved), patient=kept).update(patient=patient)


def forget(practice: PracticeId, patient: UUID) -> None:
    """The record goes, its places with it: what is held for them is free, the address goes. Needs ``acting_for``."""
    theirs = list(WaitingEntry.objects.filter(practice=practice, patient=patient))
    for entry in theirs:
        if entry.is_live:
            end_entry(entry, WITHDRAWN)
    forget_address(practice, *(one.id for one in theirs))
