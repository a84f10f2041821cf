"""Take two months more for a request, with the reason that the patient is told (GDPR Art. 12(3))."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.rights.due import due_on
from sprechzeit.rights.errors import TooLateToExtend
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.read import locked_request, today_of

Delay = RightsRequest.Delay


def delay_asked(text: str) -> Delay:
    """The reason of this name.

    Raises
    ------
    Invalid
    """
    if text not in Delay.values:
        raise Invalid(_("Bitte geben Sie an, warum es länger dauert."), field="delay")
    return Delay(text)


@retrying
def extend(practice: PracticeId, actor: Actor, asked: UUID, delay: Delay) -> None:
    """From one month to three in all; once, and while the first month lasts.

    Raises
    ------
    RequestNotFound, RequestClosed, TooLateToExtend
    """
    with acting_for(practice):
        found = locked_request(practice, asked)
        if found.delay or today_of(Practice.objects.get(id=practice)) > found.due_on:
            raise TooLateToExtend
        due = due_on(found.received_on, extended=True)
        RightsRequest.objects.filter(practice=practice, id=asked).update(due_on=due, delay=delay.value)
        record(practice, actor, "rights.extend", [asked], {"right": found.in_trail, "delay": delay.value})
