"""Answer an offer by its link: see it, accept it, decline it. Looking never answers: mail scanners open links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.confirm import book_held
from sprechzeit.booking.errors import ChangedMeanwhile, SlotTaken, TooLate
from sprechzeit.booking.models import Hold
from sprechzeit.booking.move_into_hold import move_into_hold
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.rules import changeable
from sprechzeit.booking.tell import tell_booked
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import Secret, link_hash
from sprechzeit.waiting.errors import OfferNotFound, OfferOver
from sprechzeit.waiting.make_offer import PURPOSE
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer
from sprechzeit.waiting.offering import close_offer

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

    Raises
    ------
    OfferNotFound
    OfferOver
        Declined, expired, taken back, or the time or the appointment is gone.
    """
    try:
        with acting_for(practice):
            offer = _find(practice, secret, locked=True)
            if offer.state == State.ACCEPTED:
                return _offered(offer)
            if offer.state != State.OPEN or offer.expires_at <= clock.now():
                raise OfferOver
            entry = offer.entry
            rows = Hold.objects.select_related("visit_type", "practice").filter(practice=practice)
            found = rows.filter(id=offer.hold_id).first() if offer.hold_id is not None else None
            if found is None:
                raise OfferOver
            if entry.appointment_id is not None:
                appointment = appointment_by_id(practice, entry.appointment_id)
                if not changeable(appointment, entry.visit_type, clock.now()):
                    raise OfferOver
                move_into_hold(practice, PATIENT, appointment, found)
            else:
                manage_hash = bytes(entry.secret_hash) if entry.secret_hash is not None else None
                made = book_held(practice, found, entry.intake_id, manage_hash, entry.source)
                tell_booked(made, hold=entry.id)
            now = clock.now()
            WaitingOffer.objects.filter(practice=practice, id=offer.id).update(
                state=State.ACCEPTED, answered_at=now, hold_id=None
            )
            WaitingEntry.objects.filter(practice=practice, id=entry.id).update(
                state=WaitingEntry.State.BOOKED, ended_at=now
            )
            record(practice, PATIENT, "waiting.accept", [entry.id])
            return _offered(_find(practice, secret))
    except (SlotTaken, TooLate, ChangedMeanwhile):
        raise OfferOver from None


@retrying
def decline(practice: PracticeId, secret: Secret) -> Offered:
    """Free the time again; they stay on the list. Declining again changes nothing.

    Raises
    ------
    OfferNotFound
    OfferOver
        It was accepted, has expired or was taken back.
    """
    with acting_for(practice):
        offer = _find(practice, secret, locked=True)
        if offer.state not in {State.OPEN, State.DECLINED}:
            raise OfferOver
        if offer.state == State.OPEN:
            close_offer(offer, State.DECLINED)
            record(practice, PATIENT, "waiting.decline", [offer.entry_id])
        return _offered(_find(practice, secret))


def _find(practice: PracticeId, secret: Secret, *, locked: bool = False) -> WaitingOffer:
    rows = WaitingOffer.objects.select_related("entry__visit_type", "entry__appointment")
    if locked:
        rows = rows.select_for_update(of=("self",))
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
    )
