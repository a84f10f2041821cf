"""Messages that did not go out and that nobody at the desk has settled yet, and how the others are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from sprechzeit import clock
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message
from sprechzeit.messages.post import wake

LISTED = timedelta(days=30)
SHOWN = 200
COUNTED = 100
S = Message.State


@dataclass(frozen=True)
class Overview:
    """How many wait, how many went out since ``since``, and when the last one did (None: none in 30 days)."""

    waiting: int
    sent: int
    last_sent: datetime | None


def failed(practice: PracticeId) -> QuerySet[Message]:
    """Those of the last 30 days, the newest first; walks ``message_failed``. Needs ``acting_for``."""
    since = clock.now() - LISTED
    found = Message.objects.filter(practice=practice, state=S.FAILED, settled_at__isnull=True, done_at__gte=since)
    return found.defer("sealed").order_by("-done_at", "-id")


def count_failed(practice: PracticeId) -> int:
    """Counted up to 100: it stands in the menu of every page of the desk. Needs ``acting_for``."""
    return failed(practice).values("id")[:COUNTED].count()


def overview_of(practice: PracticeId, *, since: datetime) -> Overview:
    """Needs ``acting_for``."""
    sent = Message.objects.filter(practice=practice, state=S.SENT)
    return Overview(
        waiting=Message.objects.filter(practice=practice, state=S.WAITING).count(),
        sent=sent.filter(done_at__gte=since).count(),
        last_sent=sent.aggregate(last=Max("done_at"))["last"],
    )


def locked(practice: PracticeId, message: UUID) -> Message | None:
    """One that failed, settled or not, or that was put back since. Needs ``acting_for``."""
    return Message.objects.select_for_update().defer("sealed").filter(practice=practice, id=message).first()


def put_back(message: Message) -> None:
    """It waits again, with all its tries. Needs ``acting_for``."""
    Message.objects.filter(practice=message.practice_id, id=message.id, state=S.FAILED).update(
        state=S.WAITING, reason="", attempts=0, due_at=clock.now(), done_at=None, settled_at=None
    )
    wake(PracticeId(message.practice_id))


def settle(message: Message) -> None:
    """The desk knows; it leaves the list. Needs ``acting_for``."""
    Message.objects.filter(practice=message.practice_id, id=message.id).update(settled_at=clock.now())
