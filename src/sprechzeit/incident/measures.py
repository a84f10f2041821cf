"""What was done against an incident as far as the product itself did it: read from the trail, not from memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sprechzeit.audit.models import Event
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId

ACTIONS = (
    "reading.stop", "brake.sessions", "brake.freeze", "brake.tokens", "brake.read-only", "brake.notifier-key",
    "key.begin", "key.end", "member.remove", "passkey.remove", "token.revoke",
)  # fmt: skip  # lines grouped by hand
MOST = 40


@dataclass(frozen=True)
class Measure:
    """One of them and when."""

    action: str
    at: datetime


def measures_since(practice: PracticeId, since: datetime) -> list[Measure]:
    """The first 40, the earliest first."""
    with acting_for(practice):
        found = Event.objects.filter(practice=practice, at__gte=since, action__in=ACTIONS).order_by("number")
        return [Measure(*one) for one in found.values_list("action", "at")[:MOST]]
