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
from sprechzeit.waiting.group import close_group
from sprechzeit.waiting.make_offer import hold_slot, make_offer
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer
from sprechzeit.waiting.take import take
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
            make_offer(found, hold_slot(found, start, until), until, member=UUID(actor.id))
            record(practice, actor, "waiting.offer", [found.id])
    except (SlotTaken, NotBookable):
        raise NothingLeft from None


@retrying
def book_now(practice: PracticeId, actor: Actor, entry: UUID, start: datetime) -> None:
    """Give ``start`` to this one without asking by mail: it was agreed on the telephone.

    Raises
    ------
    EntryNotFound
    NothingLeft
        It is not free, an offer is open, or they have an appointment, which is moved like any other.
    """
    try:
        with acting_for(practice):
            rows = WaitingEntry.objects.select_related("visit_type__practice", "appointment")
            found = rows.select_for_update(of=("self",)).filter(practice=practice, id=entry).first()
            if found is None:
                raise EntryNotFound
            if found.state != WaitingEntry.State.WAITING or found.appointment_id is not None:
                raise NothingLeft
            take(practice, actor, found, hold_slot(found, start, clock.now() + SHORTEST))
            record(practice, actor, "waiting.book", [found.id])
    except (SlotTaken, NotBookable):
        raise NothingLeft from None


@retrying
def take_back(practice: PracticeId, actor: Actor, offer: UUID) -> None:
    """The time is free again, the patient waits on, and so do all to whom it was offered at once.

    One that is over already is left as it is.

    Raises
    ------
    OfferNotFound
    """
    with acting_for(practice):
        found = WaitingOffer.objects.filter(practice=practice, id=offer).first()
        if found is None:
            raise OfferNotFound
        closed = close_group(found, WaitingOffer.State.TAKEN_BACK)
        if closed:
            record(practice, actor, "waiting.take-back", [one.entry_id for one in closed])
