"""Try a message again that did not arrive."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.dead_letters import appointments_of, obstacle_of, standing_for
from sprechzeit.booking.errors import MessageNotFound, NotRetryable
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.failed import locked, put_back
from sprechzeit.messages.models import Message
from sprechzeit.messages.words import obstacle_in_words


@retrying
def retry_message(practice: PracticeId, actor: Actor, message: UUID) -> None:
    """It waits again, with all its tries. One that waits or went out already stays as it is: asked twice, sent once.

    Raises
    ------
    MessageNotFound
    NotRetryable
        Its text or address is gone, or the appointment is another by now.
    """
    with acting_for(practice):
        row = locked(practice, message)
        if row is None:
            raise MessageNotFound
        if row.state != Message.State.FAILED:
            return
        obstacle = obstacle_of(row, appointments_of(practice, [row]).get(row.about), standing_for(practice, [row]))
        if obstacle:
            raise NotRetryable(obstacle_in_words(obstacle))
        put_back(row)
        record(practice, actor, "message.retry", [row.about], {"kind": row.kind})
