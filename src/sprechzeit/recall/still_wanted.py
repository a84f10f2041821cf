"""Whether an invitation still holds when it leaves."""

from __future__ import annotations

from sprechzeit import clock
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message
from sprechzeit.recall.due import to_invite
from sprechzeit.recall.models import Recall


def is_still_wanted(message: Message) -> bool:
    """Not after the consent was withdrawn, the patient declined, or the visit was booked. Needs ``acting_for``."""
    rows = to_invite(PracticeId(message.practice_id), clock.now())
    return rows.filter(id=message.about, state=Recall.State.INVITED).exists()
