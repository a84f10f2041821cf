"""Forget what no constraint needs any more: past occupancies, dead holds, used idempotency keys."""

from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.booking.models import Hold, IdempotencyKey, Occupancy
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId


def prune(practice: PracticeId) -> int:
    """Delete occupancies that ended before yesterday, holds dead for an hour, keys of two days; tell how many."""
    now = clock.now()
    with acting_for(practice):
        past, _ = Occupancy.objects.filter(practice=practice, ends_at__lt=now - timedelta(days=1)).delete()
        holds, _ = Hold.objects.filter(practice=practice, expires_at__lt=now - timedelta(hours=1)).delete()
        keys, _ = IdempotencyKey.objects.filter(practice=practice, created_at__lt=now - timedelta(days=2)).delete()
    return past + holds + keys
