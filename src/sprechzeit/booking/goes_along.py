"""What else goes along when two records become one, and back: the app above that keeps it says so, once, at start."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from sprechzeit.identifiers import PracticeId

HandOver = Callable[[PracticeId, UUID, UUID, datetime], list[UUID]]
HandBack = Callable[[PracticeId, Collection[UUID], UUID, UUID, datetime], None]
_recalls: list[tuple[HandOver, HandBack]] = []


def recalls_go_along(over: HandOver, back: HandBack) -> None:
    """Check-ups are handed over and back by these; both are called within ``acting_for``."""
    _recalls[:] = [(over, back)]


def hand_recalls_over(practice: PracticeId, source: UUID, patient: UUID, now: datetime) -> list[UUID]:
    """Tell which were handed over, to be remembered with the merge."""
    return [one for over, _back in _recalls for one in over(practice, source, patient, now)]


def hand_recalls_back(practice: PracticeId, moved: Collection[UUID], kept: UUID, patient: UUID, at: datetime) -> None:
    """Those that were handed over at that moment."""
    for _over, back in _recalls:
        back(practice, moved, kept, patient, at)
