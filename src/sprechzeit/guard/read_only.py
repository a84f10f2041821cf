"""Whether the whole server only reads: one row, which every process looks at before it changes something."""

from __future__ import annotations

import time

from sprechzeit import clock
from sprechzeit.guard.models import ServerBrake

FRESH = 1.0  # seconds: so soon every process knows
_seen: dict[str, tuple[float, bool]] = {}


def is_read_only() -> bool:
    """As of at most a second ago."""
    at, found = _seen.get("", (0.0, False))
    now = time.monotonic()
    if now - at > FRESH or not at:
        found = ServerBrake.objects.filter(id=1, read_only_since__isnull=False).exists()
        _seen[""] = (now, found)
    return found


def set_read_only(wanted: bool) -> None:
    """As the role ``worker``: no web process may."""
    ServerBrake.objects.filter(id=1).update(read_only_since=clock.now() if wanted else None)
    _seen.clear()
