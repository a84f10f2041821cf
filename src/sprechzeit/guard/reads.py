"""Which events of the trail count as what work.

A name in the calendar is normal work by the hundred; a card, a hit of the search, a line with a phone number is one
patient looked at. So they are counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

NAMED = frozenset({"agenda.view", "clipboard.view", "day-sheet.make", "day.view", "today.view", "week.view"})
OPENED = frozenset(
    {
        "appointment.list",
        "call-list.view",
        "intake.view",
        "message.choose",
        "message.view",
        "note.view",
        "patient.search",
        "patient.view",
        "recall.view",
        "rights.view",
        "trail.view",
        "waiting.view",
    }
)
CARDS = frozenset({"appointment.letter", "appointment.view"})  # first the appointment, then the person
CHANGES = frozenset(
    {
        "appointment.cancel",
        "appointment.move",
        "appointment.refuse",
        "appointment.resize",
        "patient.correct",
        "patient.erase",
        "patient.merge",
    }
)
EXPORTS = frozenset(
    {"incident.letters", "patient.access", "trail.export"}
)  # a day sheet leaves closed under a passphrase, and desks fetch it by themselves
FAILURES = frozenset({"login.failed", "permission.refused", "record.damaged", "sheet.failed"})


@dataclass(frozen=True)
class Work:
    """What one event counts as; ``opened`` and ``named`` are ids of patients or of online bookings."""

    opened: Sequence[UUID] = ()
    named: Sequence[UUID] = ()
    changes: int = 0
    exports: int = 0
    failures: int = 0


def work_of(action: str, subjects: Sequence[UUID]) -> Work | None:
    """What this event counts as, None when nothing of it is counted."""
    if action in NAMED:
        return Work(named=subjects)
    if action in CARDS:
        return Work(opened=subjects[1:])
    if action in OPENED:
        return Work(opened=subjects)
    if action in CHANGES:
        return Work(changes=1)
    if action in EXPORTS:
        return Work(exports=1)
    if action in FAILURES:
        return Work(failures=1)
    return None
