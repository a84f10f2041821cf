"""The fingerprint of a practice's key pair as its trail tells it: the oldest event counts, as the pair never changes.

The trail is append-only and its head is anchored outside of the database, so that this witness cannot be exchanged
together with the key without the next night's check (``audit/verify.py``) noticing it.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connections, transaction

from sprechzeit.audit.models import Event
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId

TELLING = ("pair.make", "pair.carry")


class Told(NamedTuple):
    """A practice's stored public key, and the fingerprint that its trail tells (None: it tells none)."""

    practice: PracticeId
    public_key: bytes
    fingerprint: str | None


def told_print(practice: PracticeId) -> str | None:
    """The fingerprint that the trail tells. Walks ``audit_event_pair``."""
    with acting_for(practice):
        found = Event.objects.filter(practice=practice, action__in=TELLING).order_by("number")
        details = found.values_list("details", flat=True).first()
    return str(details["fingerprint"]) if details else None


def told_of_all() -> list[Told]:
    """Of every practice, in one statement, as the role ``worker`` (``audit/migrations/0003_told_pairs.py``)."""
    alias = current_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("select practice_id, public_key, told from told_pairs()")
        return [Told(PracticeId(number), bytes(key), told) for number, key, told in cursor.fetchall()]
