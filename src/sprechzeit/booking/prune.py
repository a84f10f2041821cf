"""Forget what no longer serves: past occupancies, dead holds, used idempotency keys, blocks of long ago."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from sprechzeit import clock
from sprechzeit.booking.models import Block, Hold, IdempotencyKey, Occupancy
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import forget_intake

BLOCKS = timedelta(days=90)  # what they were for may name somebody


def prune(practice: PracticeId) -> int:
    """Delete occupancies that ended before yesterday, holds dead for an hour, keys of two days,
    blocks of three months; tell how many."""
    now = clock.now()
    with acting_for(practice):
        past, _ = Occupancy.objects.filter(practice=practice, ends_at__lt=now - timedelta(days=1)).delete()
        dead = Hold.objects.filter(practice=practice, expires_at__lt=now - timedelta(hours=1))
        # What waits for its code waits as long as the code counts; then what was typed goes too.
        dead = dead.filter(Q(code_until__isnull=True) | Q(code_until__lt=now))
        waited = list(dead.filter(intake__isnull=False).values_list("intake", flat=True))
        holds, _ = dead.delete()
        for intake in waited:
            forget_intake(practice, intake)
        keys, _ = IdempotencyKey.objects.filter(practice=practice, created_at__lt=now - timedelta(days=2)).delete()
        # Raw: the worker may not read what a block was for. Its occupancies went long ago.
        blocks = Block.objects.filter(practice=practice, ends_at__lt=now - BLOCKS)._raw_delete(current_alias())
    return past + holds + keys + int(blocks)
