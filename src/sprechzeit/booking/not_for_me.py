"""Whoever got a message says that it is not for them."""

from __future__ import annotations

from sprechzeit.audit.record import VISITOR, record
from sprechzeit.booking.address import refuse_address
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.refuse import refuse_messages
from sprechzeit.practices.models import Practice
from sprechzeit.vault import Secret


@retrying
def not_for_me(practice: int, secret: Secret) -> None:
    """Delete the address and stop all messages about the same appointment; the appointment itself stays.

    Who asks learns nothing, not even whether there was something to stop.
    """
    if not Practice.objects.filter(id=practice).exists():
        return
    number = PracticeId(practice)
    with acting_for(number):
        about = refuse_messages(number, secret)
        if about is not None:
            record(number, VISITOR, "message.refuse", [about])
            refuse_address(number, about)
