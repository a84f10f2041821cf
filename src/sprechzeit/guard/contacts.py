"""At most so many bookings with one address or number a day.

Counted in this process's memory under a key that dies with it: in the database nothing of an address may stand, no
hash either. With n processes the limit is n times as wide.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from datetime import datetime, timedelta

from django.conf import settings

from sprechzeit import clock
from sprechzeit.guard.errors import TooMany

MOST = 12
SPAN = timedelta(hours=24)
KEPT = 50_000  # addresses; beyond that the oldest are forgotten

_key = secrets.token_bytes(32)
_lock = threading.Lock()
_hits: dict[bytes, list[datetime]] = {}


def require_contact_left(contact: str) -> None:
    """Count one booking of this address or number.

    Raises
    ------
    TooMany
    """
    if not settings.RATE_LIMITS or not contact:
        return
    name = hmac.digest(_key, contact.casefold().encode(), hashlib.sha256)
    now = clock.now()
    with _lock:
        recent = [at for at in _hits.pop(name, []) if at > now - SPAN]
        if len(recent) >= MOST:
            _hits[name] = recent
            raise TooMany(max(1, int((recent[0] + SPAN - now).total_seconds())))
        _hits[name] = [*recent, now]
        while len(_hits) > KEPT:
            del _hits[next(iter(_hits))]
