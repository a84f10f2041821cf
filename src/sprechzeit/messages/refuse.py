"""Its owner says: this is not for me. The address goes at once, and nothing is written there again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.messages.letter import STOP
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.vault import Secret, link_hash

REMEMBERED = timedelta(days=90)  # that a message was not for its reader, when no address is kept any more


def refuse_messages(practice: PracticeId, secret: Secret) -> UUID | None:
    """Stop everything that the message with this link was about, and tell what that is; None: nothing is known of it.

    Needs ``acting_for``.
    """
    hashed = link_hash(secret, STOP)
    found = (
        NotifierAddress.objects.filter(practice=practice, stop_hash=hashed).values_list("about", "channel").first()
        or Message.objects.filter(practice=practice, stop_hash=hashed).values_list("about", "channel").first()
    )
    if found is None:
        return None
    about, channel = found
    now = clock.now()
    Message.objects.filter(practice=practice, about=about, channel=channel, state=Message.State.WAITING).update(
        state=Message.State.STOPPED, reason="unwanted", done_at=now, sealed=None
    )
    kept = NotifierAddress.objects.filter(practice=practice, about=about, channel=channel)
    if not kept.update(sealed=None, refused_at=now):
        refused = NotifierAddress(
            id=new_id(),
            practice_id=practice,
            about=about,
            channel=channel,
            refused_at=now,
            created_at=now,
            delete_after=now + REMEMBERED,
        )
        NotifierAddress.objects.bulk_create([refused], ignore_conflicts=True)
    return about


def refused_among(practice: PracticeId, abouts: Collection[UUID]) -> set[UUID]:
    """About which of these somebody said that it is not for them. Needs ``acting_for``."""
    rows = NotifierAddress.objects.filter(practice=practice, about__in=abouts, refused_at__isnull=False)
    return set(rows.values_list("about", flat=True))
