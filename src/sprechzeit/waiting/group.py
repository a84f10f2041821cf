"""Offers of one time to several at once: they point to one hold, and whoever accepts first has it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from sprechzeit import clock
from sprechzeit.booking.models import Hold
from sprechzeit.messages.models import Message
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer

OPEN = WaitingOffer.State.OPEN


def lock_group(offer: WaitingOffer) -> list[WaitingOffer]:
    """The open offers of the same held time, itself among them while it is open. Needs ``acting_for``.

    All who answer, take back or end one of them lock the whole group first, in the same order: nobody waits for
    somebody who waits for them, and who comes second finds what the first has done.
    """
    same = Q(id=offer.id) if offer.hold_id is None else Q(id=offer.id) | Q(hold=offer.hold_id)
    rows = WaitingOffer.objects.select_for_update(of=("self",)).filter(same, practice=offer.practice_id, state=OPEN)
    return list(rows.order_by("id"))


def close_offers(offers: Sequence[WaitingOffer], state: WaitingOffer.State) -> None:
    """They are over, and their entries wait on in their old place; the hold is left to the caller."""
    if not offers:
        return
    practice = offers[0].practice_id
    rows = WaitingOffer.objects.filter(practice=practice, id__in=[one.id for one in offers], state=OPEN)
    rows.update(state=state, answered_at=clock.now(), hold=None)
    entries = WaitingEntry.objects.filter(practice=practice, id__in=[one.entry_id for one in offers])
    entries.filter(state=WaitingEntry.State.OFFERED).update(state=WaitingEntry.State.WAITING)


def close_offer(offer: WaitingOffer, state: WaitingOffer.State) -> bool:
    """It is over; its time is free when nobody else of its group may still answer. Needs ``acting_for``.

    Tells whether it was open until now.
    """
    group = lock_group(offer)
    if offer.id not in {one.id for one in group}:
        return False
    close_offers([offer], state)
    if len(group) == 1:
        let_go(offer)
    return True


def close_group(offer: WaitingOffer, state: WaitingOffer.State) -> list[WaitingOffer]:
    """All of its group are over and the time is free; tell which they were. Needs ``acting_for``."""
    group = lock_group(offer)
    close_offers(group, state)
    if group:
        let_go(group[0])
    return group


def let_go(offer: WaitingOffer) -> None:
    """The held time is free."""
    if offer.hold_id is not None:
        Hold.objects.filter(practice=offer.practice_id, id=offer.hold_id).delete()


def is_still_open(message: Message) -> bool:
    """Whether the offer that it tells of can still be answered; asked when it leaves. Needs ``acting_for``."""
    return WaitingOffer.objects.filter(practice=message.practice_id, id=message.facts["offer"], state=OPEN).exists()
