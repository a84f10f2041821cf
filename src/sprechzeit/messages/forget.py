"""Forget addresses of appointments that are over, and messages that went out long ago."""

from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message, NotifierAddress

UNANSWERED = timedelta(days=7)  # then an address goes whose owner has not confirmed it
DONE = timedelta(days=30)  # so long the desk can see that a message went out, or why it did not


def forget_messages(practice: PracticeId) -> int:
    """Delete what no longer serves, and tell how many rows. An address stays while a message to it waits."""
    now = clock.now()
    with acting_for(practice):
        waiting = Message.objects.filter(practice=practice, kept=True, state=Message.State.WAITING)
        over = NotifierAddress.objects.filter(practice=practice, delete_after__lt=now)
        addresses, _ = over.exclude(about__in=waiting.values("about")).delete()
        unanswered = NotifierAddress.objects.filter(practice=practice, unconfirmed=True, refused_at__isnull=True)
        addresses += unanswered.filter(created_at__lt=now - UNANSWERED).delete()[0]
        messages, _ = Message.objects.filter(practice=practice, done_at__lt=now - DONE).delete()
    return addresses + messages
