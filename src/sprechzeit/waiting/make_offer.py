"""Make an offer: hold the time, and put the message in whose link answers it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from sprechzeit import clock
from sprechzeit.booking.hold import take_slot
from sprechzeit.booking.models import Hold
from sprechzeit.booking.quota import require_room
from sprechzeit.identifiers import PracticeId, ResourceId, new_id
from sprechzeit.messages.models import Message
from sprechzeit.messages.post import post_to_kept
from sprechzeit.practices.outside import outside
from sprechzeit.vault import link_hash, link_to_text, new_link_secret
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer

PURPOSE = "waiting-offer"


def about(entry: WaitingEntry) -> UUID:
    """What their address is kept about: the appointment that they have, or the entry."""
    return entry.appointment_id or entry.id


def hold_slot(entry: WaitingEntry, start: datetime, until: datetime, *, resource: int | None = None) -> Hold:
    """Hold ``start`` until ``until``. Needs ``acting_for``, and the entry with its visit type.

    Raises
    ------
    NotBookable
        The day or the week is full.
    SlotTaken
        It is not free any more; the caller's transaction or savepoint must roll back.
    """
    practice, visit_type = PracticeId(entry.practice_id), entry.visit_type
    require_room(visit_type.practice, visit_type, start, ignoring=entry.appointment_id)
    chosen = ResourceId(resource) if resource is not None else None
    # Nobody knows the hold's own secret: it is answered by those of the offers.
    return take_slot(practice, new_id(), visit_type, start, chosen, new_link_secret(), until)


def make_offer(
    entry: WaitingEntry, held: Hold, until: datetime, *, others: int = 0, member: UUID | None = None
) -> WaitingOffer:
    """Offer what is held until ``until``, to so many ``others`` too, and tell them. Needs ``acting_for``."""
    practice, visit_type = PracticeId(entry.practice_id), entry.visit_type
    secret = new_link_secret()
    start, ends_at = held.starts_at, held.starts_at + timedelta(minutes=visit_type.duration_minutes)
    offer = WaitingOffer.objects.create(
        practice_id=practice,
        entry=entry,
        starts_at=start,
        ends_at=ends_at,
        resource_ids=held.resource_ids,
        hold=held,
        secret_hash=link_hash(secret, PURPOSE),
        made_at=clock.now(),
        expires_at=until,
        by_member_id=member,
    )
    WaitingEntry.objects.filter(practice=practice, id=entry.id).update(state=WaitingEntry.State.OFFERED)
    post_to_kept(
        practice,
        about(entry),
        Message.Kind.OFFER,
        once=f"offer-{offer.id}",
        facts={
            "offer": str(offer.id),
            "starts_at": start.isoformat(),
            "ends_at": ends_at.isoformat(),
            "until": until.isoformat(),
            "moves": int(entry.appointment_id is not None),
            "others": others,
        },
        link=settings.PUBLIC_URL + outside("front:offer", visit_type.practice.slug, link_to_text(secret)),
    )
    return offer
