"""The desk knows that a message did not arrive, and has done what is needed."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import MessageNotFound
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.failed import locked, settle
from sprechzeit.messages.models import Message


@retrying
def settle_message(practice: PracticeId, actor: Actor, message: UUID) -> None:
    """Take it off the list. What is settled, or is on its way again, stays as it is.

    Raises
    ------
    MessageNotFound
    """
    with acting_for(practice):
        row = locked(practice, message)
        if row is None:
            raise MessageNotFound
        if row.state == Message.State.FAILED and row.settled_at is None:
            settle(row)
            record(practice, actor, "message.settle", [row.about], {"kind": row.kind})
