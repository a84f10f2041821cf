"""Each night every trail is recomputed and held against its anchored heads; a break is an alarm at once."""

from __future__ import annotations

from pathlib import Path

from sprechzeit.audit.head import HeadsUnreadable, anchored_heads
from sprechzeit.audit.verify import verify
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.rules import TRAIL
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice


def watch_trails(folder: Path) -> int:
    """Recompute all, as the role ``worker``; tell how many are broken. Runs before new heads are anchored."""
    broken = 0
    try:
        heads = anchored_heads(folder)
    except HeadsUnreadable:
        raise_alarm(TRAIL.name, cause="heads-unreadable")
        heads, broken = {}, 1
    for number in Practice.objects.order_by("id").values_list("id", flat=True).iterator():
        practice = PracticeId(number)
        verdict = verify(practice, heads.pop(practice, []))
        if verdict.broken is not None:
            broken += 1
            details = {"number": verdict.broken.number, "kind": verdict.broken.kind.value}
            raise_alarm(TRAIL.name, practice, cause=str(verdict.broken.number), details=details)
    for missing in heads:  # its head was anchored, and the practice is gone
        broken += 1
        raise_alarm(TRAIL.name, cause=f"missing {missing}")
    return broken
