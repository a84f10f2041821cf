"""Answer an offer by its link: see it, accept it, decline it. Looking never answers: mail scanners open links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, SlotTaken, TooLate
from sprechzeit.booking.models import Hold
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import Secret, link_hash
from sprechzeit.waiting.errors import OfferNotFound, OfferOver, OfferTaken
from sprechzeit.waiting.group import close_offer, close_offers, lock_group
from sprechzeit.waiting.make_offer import PURPOSE
from sprechzeit.waiting.models import WaitingOffer
from sprechzeit.waiting.take import take

PATIENT = Actor("patient")
State = WaitingOffer.State


@dataclass(frozen=True)
class Offered:
    """What the holder of an offer's link may know. ``instead_of``: when the appointment is that they have now."""

    starts_at: datetime
    ends_at: datetime
    resource_ids: tuple[int, ...]
    expires_at: datetime
    state: str
    visit_type: VisitType
    instead_of: datetime | None
    waits_on: bool
    is_open_to_others: bool  # who accepts first has it
    is_request: bool  # the practice still confirms what was booked

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN and clock.now() < self.expires_at


def find_offer(practice: PracticeId, secret: Secret) -> Offered:
    """The offer of this link.

    Raises
    ------
    OfferNotFound
    """
    with acting_for(practice):
        return _offered(_find(practice, secret))


@retrying
def accept(practice: PracticeId, secret: Secret) -> Offered:
    """Move the appointment that they have into the held time, or book it. Accepting again gives the same.

    To whomever else it was offered, it is gone; they wait on, and it does not count as declined.

    Raises
    ------
    OfferNotFound
    OfferOver
        Declined, expired, taken back, or the time or the appointment is gone; ``OfferTaken`` where somebody of
        several was faster.
    """
    try:
        with acting_for(practice):
            offer = _find(practice, secret)
            group = lock_group(offer)
            if offer.id not in {one.id for one in group}:  # answered, ended, or somebody else was faster
                return _answered(_find(practice, secret))
            now = clock.now()
            rows = Hold.objects.select_related("visit_type", "practice").filter(practice=practice)
            found = rows.filter(id=offer.hold_id).first() if offer.hold_id is not None else None
            if offer.expires_at <= now or found is None:
                raise OfferOver
            missed = [one for one in group if one.id != offer.id]
            close_offers([offer], State.ACCEPTED)
            close_offers(missed, State.MISSED)
            take(practice, PATIENT, offer.entry, found)
            record(practice, PATIENT, "waiting.accept", [offer.entry_id])
            if missed:
                record(practice, SYSTEM, "waiting.miss", [one.entry_id for one in missed])
            return _offered(_find(practice, secret))
    except (SlotTaken, TooLate, ChangedMeanwhile):
        raise OfferOver from None


def _answered(offer: WaitingOffer) -> Offered:
    if offer.state == State.ACCEPTED:
        return _offered(offer)
    raise OfferTaken if offer.state == State.MISSED else OfferOver


@retrying
def decline(practice: PracticeId, secret: Secret) -> Offered:
    """Free the time again, unless others may still answer; they stay on the list. Again changes nothing.

    Raises
    ------
    OfferNotFound
    OfferOver
        It was accepted, has expired, was taken back or is somebody else's.
    """
    with acting_for(practice):
        offer = _find(practice, secret)
        if close_offer(offer, State.DECLINED):
            record(practice, PATIENT, "waiting.decline", [offer.entry_id])
        now_is = _find(practice, secret)
        if now_is.state != State.DECLINED:
            raise OfferTaken if now_is.state == State.MISSED else OfferOver
        return _offered(now_is)


def _find(practice: PracticeId, secret: Secret) -> WaitingOffer:
    rows = WaitingOffer.objects.select_related("entry__visit_type", "entry__appointment")
    found = rows.filter(practice=practice, secret_hash=link_hash(secret, PURPOSE)).first()
    if found is None:
        raise OfferNotFound
    return found


def _offered(offer: WaitingOffer) -> Offered:
    entry = offer.entry
    had = entry.appointment.starts_at if entry.appointment is not None else None
    return Offered(
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        resource_ids=tuple(offer.resource_ids),
        expires_at=offer.expires_at,
        state=offer.state,
        visit_type=entry.visit_type,
        instead_of=had if offer.state != State.ACCEPTED else None,
        waits_on=entry.is_live,
        is_open_to_others=_is_open_to_others(offer),
        is_request=entry.appointment_id is None and entry.visit_type.needs_confirmation,
    )


def _is_open_to_others(offer: WaitingOffer) -> bool:
    if offer.hold_id is None:
        return False
    same = WaitingOffer.objects.filter(practice=offer.practice_id, hold=offer.hold_id, state=State.OPEN)
    return same.exclude(id=offer.id).exists()
