"""The head of each trail, anchored outside of the database: a file beside it, and a mail to the owner.

The chain proves that nothing inside it was changed. That it was not written anew as a whole, or cut at its end, only
a head proves that was kept elsewhere: the newest event's number and hash.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import DomainError
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

FOLDER = "audit-heads"


class HeadsUnreadable(DomainError):
    """A line of an anchor's file is no head: somebody or something wrote into it."""

    code = "heads-unreadable"


@dataclass(frozen=True)
class Head:
    """The newest event of a practice at a moment; ``hash`` is hexadecimal."""

    practice: PracticeId
    number: int
    hash: str
    at: datetime


def head_of(practice: PracticeId) -> Head | None:
    """The present head, None while the trail is empty."""
    with acting_for(practice):
        newest = Event.objects.filter(practice=practice).order_by("-number").values_list("number", "hash").first()
    return Head(practice, newest[0], bytes(newest[1]).hex(), clock.now()) if newest else None


def anchor_heads(folder: Path) -> list[tuple[Practice, Head]]:
    """Add every practice's head to its file below ``folder`` and tell them; demos' data may vanish at any time."""
    anchored = []
    for practice in Practice.objects.exclude(kind=Practice.Kind.DEMO).order_by("id").iterator():
        head = head_of(PracticeId(practice.id))
        if head is not None:
            _append(folder / FOLDER / f"{practice.slug}.jsonl", head)
            anchored.append((practice, head))
    return anchored


def anchored_heads(folder: Path) -> dict[PracticeId, list[Head]]:
    """What all files hold. Each line names its practice, so that a new slug does not part a practice from its heads.

    Raises
    ------
    HeadsUnreadable
    """
    found: dict[PracticeId, list[Head]] = {}
    for path in sorted((folder / FOLDER).glob("*.jsonl")):
        for head in _read(path):
            found.setdefault(head.practice, []).append(head)
    return found


def _append(path: Path, head: Head) -> None:
    line = {"practice": head.practice, "number": head.number, "hash": head.hash, "at": head.at.isoformat()}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> Iterable[Head]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            values = json.loads(line)
            yield Head(
                PracticeId(int(values["practice"])),
                int(values["number"]),
                str(values["hash"]),
                datetime.fromisoformat(values["at"]),
            )
        except (ValueError, TypeError, KeyError):
            raise HeadsUnreadable(f"{path} line {number} is no anchored head") from None
