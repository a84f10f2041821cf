"""Idempotency: the same key answers the same and does nothing twice.

After a failover a commit can be done and its answer lost; the caller then repeats the call with the same key
(draft-ietf-httpapi-idempotency-key-header).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sprechzeit import clock
from sprechzeit.booking.errors import KeyReused
from sprechzeit.booking.models import IdempotencyKey
from sprechzeit.identifiers import PracticeId

Result = dict[str, Any]
LABEL = b"sprechzeit/v1/idempotency\x00"


def once(practice: PracticeId, key: str, asked: Sequence[object], verb: Callable[[], Result]) -> Result:
    """Run ``verb`` in the present transaction, or give back what it gave under this key before.

    Parameters
    ----------
    key
        Chosen by the caller; empty means that the caller does not repeat.
    asked
        What is asked for, nothing personal: a repetition must ask for the same.

    Raises
    ------
    KeyReused
        The key was used for something else.
    """
    if not key:
        return verb()
    fingerprint = hashlib.sha256(json.dumps([_told(part) for part in asked]).encode()).digest()
    key_hash = hashlib.sha256(LABEL + key.encode()).digest()
    # The unique key makes a simultaneous repetition wait here for the first one's commit, the lock several repetitions
    # for each other.
    IdempotencyKey.objects.bulk_create(
        [IdempotencyKey(practice_id=practice, key_hash=key_hash, fingerprint=fingerprint, created_at=clock.now())],
        ignore_conflicts=True,
    )
    row = IdempotencyKey.objects.select_for_update().get(practice=practice, key_hash=key_hash)
    if bytes(row.fingerprint) != fingerprint:
        raise KeyReused
    if row.result is not None:
        return dict(row.result)
    row.result = verb()
    row.save(update_fields=["result"])
    return row.result


def _told(part: object) -> str:
    """The same moment is the same, whatever offset it was given with."""
    return part.astimezone(UTC).isoformat() if isinstance(part, datetime) else str(part)
