"""A mail came back: the message that was sent has failed."""

from __future__ import annotations

from uuid import UUID

from django.db import connections, transaction

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message

REASON = "bounced"


@retrying
def mark_bounced(message: UUID) -> bool:
    """It stands on the desk's list from now on; tell whether there is such a message. For the worker.

    Who does not know its number, of which 74 bits are random, cannot mark it.
    """
    practice = _practice_of(message)
    if practice is None:
        return False
    with acting_for(practice):
        sent = Message.objects.filter(practice=practice, id=message, state=Message.State.SENT)
        sent.update(state=Message.State.FAILED, reason=REASON, done_at=clock.now(), settled_at=None)
    return True


def _practice_of(message: UUID) -> PracticeId | None:
    """By the policy "bounced", which shows this one row and nothing else of any practice."""
    alias = current_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("select set_config('sprechzeit.bounced', %s, true)", [str(message)])
        cursor.execute("select practice_id from message where id = %s", [message])
        found = cursor.fetchone()
    return PracticeId(found[0]) if found else None
