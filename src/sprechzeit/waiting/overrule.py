"""The desk overrules: offers a chosen time to somebody now, or takes an offer back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.errors import Restricted
from sprechzeit.patients.restricted import restricted_among
from sprechzeit.waiting.errors import EntryNotFound, NothingLeft, OfferNotFound
from sprechzeit.waiting.make_offer import make_offer
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer
from sprechzeit.waiting.offering import close_offer
from sprechzeit.waiting.time_to_answer import SHORTEST
from sprechzeit.waiting.wishes import answer_until


@retrying
def offer_to(practice: PracticeId, actor: Actor, entry: UUID, start: datetime) -> None:
    """Offer ``start`` to this one now, whoever has waited longer and whatever was wished; it must be free.

    Raises
    ------
    EntryNotFound
    NothingLeft
        It is not free, too near to be answered, or an offer is open already.
    Restricted
    """
    now = clock.now()
    try:
        with acting_for(practice):
            rows = WaitingEntry.objects.select_related("visit_type__practice", "appointment")
            found = rows.select_for_update(of=("self",)).filter(practice=practice, id=entry).first()
            if found is None:
                raise EntryNotFound
            if found.state != WaitingEntry.State.WAITING:
                raise NothingLeft
            patient = found.patient_id or (found.appointment.patient_id if found.appointment else None)
            if patient and restricted_among(practice, [patient]):
                raise Restricted
            until = answer_until(found, found.visit_type, start, now)
            if until < now + SHORTEST:
                raise NothingLeft
            make_offer(found, start, until, member=UUID(actor.id))
            record(practice, actor, "waiting.offer", [found.id])
    except (SlotTaken, NotBookable):
        raise NothingLeft from None


@retrying
def take_back(practice: PracticeId, actor: Actor, offer: UUID) -> None:
    """The time is free again, the patient waits on. One that is over already is left as it is.

    Raises
    ------
    OfferNotFound
    """
    with acting_for(practice):
        found = WaitingOffer.objects.select_for_update().filter(practice=practice, id=offer).first()
        if found is None:
            raise OfferNotFound
        if found.state == WaitingOffer.State.OPEN:
            close_offer(found, WaitingOffer.State.TAKEN_BACK)
            record(practice, actor, "waiting.take-back", [found.entry_id])
