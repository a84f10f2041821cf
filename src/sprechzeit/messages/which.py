"""Over which of the kept channels a kind of message goes: the one place that decides it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sprechzeit.messages.models import Message

K, C = Message.Kind, Message.Channel


def channels_for(kind: str, kept: Collection[str], facts: Mapping[str, object]) -> list[str]:
    """Of the channels for which an address is kept, those that this message takes; none when none is kept.

    Where there is a mailbox everything goes there: it holds the calendar file, and costs nothing. What must not be
    overlooked, a reminder and whatever the practice itself changed, goes to the phone too. Without a mailbox the phone
    gets all of it.
    """
    is_urgent = kind == K.REMINDER or (kind in {K.CHANGE, K.CANCELLATION} and bool(facts.get("by_practice")))
    if C.EMAIL in kept and not is_urgent:
        return [C.EMAIL.value]
    return [one.value for one in C if one in kept]
