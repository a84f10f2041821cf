"""Make one offer: hold the time, and put the message in whose link answers it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from sprechzeit import clock
from sprechzeit.booking.hold import take_slot
from sprechzeit.booking.quota import require_room
from sprechzeit.identifiers import PracticeId, ResourceId, new_id
from sprechzeit.messages.models import Message
from sprechzeit.messages.post import post_to_kept
from sprechzeit.practices.outside import outside
from sprechzeit.vault import derive, link_hash, link_to_text, new_link_secret
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer

PURPOSE = "waiting-offer"
HELD = "held-offer"


def about(entry: WaitingEntry) -> UUID:
    """What their address is kept about: the appointment that they have, or the entry."""
    return entry.appointment_id or entry.id


def make_offer(
    entry: WaitingEntry, start: datetime, until: datetime, *, resource: int | None = None, member: UUID | None = None
) -> WaitingOffer:
    """Hold ``start`` for them until ``until`` and tell them. Needs ``acting_for``, and the entry with its visit type.

    Raises
    ------
    NotBookable
        The day or the week is full.
    SlotTaken
        It is not free any more; the caller's transaction or savepoint must roll back.
    """
    practice, visit_type = PracticeId(entry.practice_id), entry.visit_type
    require_room(visit_type.practice, visit_type, start, ignoring=entry.appointment_id)
    secret = new_link_secret()
    chosen = ResourceId(resource) if resource is not None else None
    held = take_slot(practice, new_id(), visit_type, start, chosen, derive(secret, HELD), until)
    ends_at = start + timedelta(minutes=visit_type.duration_minutes)
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
            "starts_at": start.isoformat(),
            "ends_at": ends_at.isoformat(),
            "until": until.isoformat(),
            "moves": int(entry.appointment_id is not None),
        },
        link=settings.PUBLIC_URL + outside("front:offer", visit_type.practice.slug, link_to_text(secret)),
    )
    return offer
