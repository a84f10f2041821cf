"""Where to write about an appointment later: kept sealed until the appointment is over, and no longer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from sprechzeit import clock
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.messages.letter import Letter, seal_letter, with_stop
from sprechzeit.messages.models import Message, NotifierAddress


def keep_address(
    practice: PracticeId,
    about: UUID,
    letter: Letter,
    *,
    delete_after: datetime,
    channel: str = Message.Channel.EMAIL,
    corrected: bool = False,
    unconfirmed: bool = False,
    instead_of: UUID | None = None,
    confirm_hash: bytes | None = None,
) -> bool:
    """Keep the address and the manage link, instead of what was kept before. Needs ``acting_for``.

    Tells whether it is kept: not where its owner has said that it is not for them, unless it was ``corrected`` since.
    To an ``unconfirmed`` one nothing goes but the question whether it is right. One that is kept ``instead_of`` an
    appointment's has a number of its own for ``about`` until its link, of which ``confirm_hash`` is, was followed.

    Raises
    ------
    NotifierKeyMissing
    """
    row = new_id()
    whole, stop_hash = with_stop(letter)
    sealed = seal_letter(whole, practice, NotifierAddress._meta.db_table, row)
    before = NotifierAddress.objects.filter(practice=practice, about=about, channel=channel)
    (before if corrected else before.filter(refused_at__isnull=True)).delete()
    NotifierAddress.objects.bulk_create(
        [
            NotifierAddress(
                id=row,
                practice_id=practice,
                about=about,
                channel=channel,
                language=(get_language() or "de")[:5],
                sealed=sealed,
                stop_hash=stop_hash,
                unconfirmed=unconfirmed,
                instead_of=instead_of,
                confirm_hash=confirm_hash,
                created_at=clock.now(),
                delete_after=delete_after,
            )
        ],
        ignore_conflicts=True,
    )
    return NotifierAddress.objects.filter(practice=practice, id=row).exists()


def hand_on_address(practice: PracticeId, about: UUID, to: UUID, *, delete_after: datetime) -> bool:
    """What was kept about a hold is from now on about its appointment; tell whether there was something."""
    found = NotifierAddress.objects.filter(practice=practice, about=about)
    return bool(found.update(about=to, delete_after=delete_after))


def keep_address_until(practice: PracticeId, about: UUID, delete_after: datetime) -> None:
    """The appointment is over at another time now."""
    NotifierAddress.objects.filter(practice=practice, about=about).update(delete_after=delete_after)


def reachable_among(practice: PracticeId, abouts: Collection[UUID]) -> set[UUID]:
    """About which of these something may be written. Needs ``acting_for``."""
    kept = NotifierAddress.objects.filter(practice=practice, about__in=abouts, refused_at__isnull=True)
    return set(kept.values_list("about", flat=True))


def forget_channel(practice: PracticeId, *abouts: UUID, channel: str) -> None:
    """Nothing goes out over this channel about these any more. Needs ``acting_for``."""
    waiting = Message.objects.filter(practice=practice, about__in=abouts, channel=channel, state=Message.State.WAITING)
    waiting.update(state=Message.State.STOPPED, done_at=clock.now(), sealed=None)
    kept = NotifierAddress.objects.filter(practice=practice, about__in=abouts, channel=channel)
    kept.filter(refused_at__isnull=True).delete()


def is_kept(practice: PracticeId, about: UUID, channel: str) -> bool:
    """Whether something may be written there. Needs ``acting_for``."""
    kept = NotifierAddress.objects.filter(practice=practice, about=about, channel=channel, refused_at__isnull=True)
    return kept.exists()


def forget_pending(practice: PracticeId, *abouts: UUID) -> None:
    """New addresses that nobody has confirmed yet go, and the questions that wait for them. Needs ``acting_for``."""
    pending = NotifierAddress.objects.filter(practice=practice, instead_of__in=abouts)
    numbers = list(pending.values_list("about", flat=True))
    asked = Message.objects.filter(practice=practice, about__in=numbers, state=Message.State.WAITING)
    asked.update(state=Message.State.STOPPED, done_at=clock.now(), sealed=None)
    pending.delete()


def forget_address(practice: PracticeId, *abouts: UUID) -> None:
    """Nothing is written about these any more: what waits is stopped, the address goes. Needs ``acting_for``."""
    forget_pending(practice, *abouts)
    waiting = Message.objects.filter(practice=practice, about__in=abouts, state=Message.State.WAITING)
    waiting.update(state=Message.State.STOPPED, done_at=clock.now(), sealed=None)
    NotifierAddress.objects.filter(practice=practice, about__in=abouts, refused_at__isnull=True).delete()
