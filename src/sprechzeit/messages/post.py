"""Put a message in, in the transaction of the change that it tells of; stop those that no longer hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet
from django.utils.translation import get_language

from sprechzeit import clock
from sprechzeit.database.lookup import Lookup
from sprechzeit.database.tenancy import current_alias
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.messages.letter import Letter, open_letter, seal_letter, with_stop
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.own_text import tells_visit_type
from sprechzeit.messages.which import channels_for

__all__ = ["CHANNEL", "Letter", "open_letter", "post", "post_to_kept", "stop", "wake"]

CHANNEL = "sprechzeit_messages"  # told when something is due at once
Facts = Mapping[str, str | int]


def post(
    practice: PracticeId,
    kind: str,
    letter: Letter,
    *,
    about: UUID,
    once: str,
    facts: Facts | None = None,
    channel: str = Message.Channel.EMAIL,
    due_at: datetime | None = None,
) -> bool:
    """Put it in; needs ``acting_for``, so that it goes out if and only if the change was made.

    Parameters
    ----------
    about
        The appointment or hold. Where its address was refused, nothing is put in; tells whether something was.
    once
        With ``about`` it makes the message unique: a second one is not put in.
    facts
        What the text is made of; nothing that names or describes a person.

    Raises
    ------
    NotifierKeyMissing
    """
    kept = NotifierAddress.objects.filter(practice=practice, about=about, channel=channel)
    if kept.filter(refused_at__isnull=False).exists():
        return False
    message = new_id()
    whole, stop_hash = with_stop(letter)
    row = Message(
        id=message,
        channel=channel,
        language=(get_language() or "de")[:5],
        sealed=seal_letter(whole, practice, Message._meta.db_table, message),
        stop_hash=stop_hash,
    )
    _put_in(practice, row, kind, about, once, facts, due_at)
    return True


def post_to_kept(
    practice: PracticeId,
    about: UUID,
    kind: str,
    *,
    once: str,
    facts: Facts | None = None,
    due_at: datetime | None = None,
    code: str = "",
    text: str = "",
    link: str = "",
    visit_type: int | None = None,
) -> bool:
    """The same to the address kept for ``about``, in the language it was kept in; nobody here can read it.

    Over which channels, ``messages/which.py`` says. A ``code``, a ``text`` written by hand, or a ``link`` of its own
    instead of the manage link is sealed with the message. The ``visit_type`` goes into the facts only where a text of
    the practice tells what for. Tells whether there is an address that may be written to.
    """
    languages = dict(addresses_for(kind).filter(practice=practice, about=about).values_list("channel", "language"))
    told = dict(facts or {})
    if languages and visit_type is not None and tells_visit_type(practice):
        told["visit_type"] = visit_type
    for channel in channels_for(kind, languages, told):
        row = Message(id=new_id(), channel=channel, language=languages[channel], kept=True)
        if code or text or link:
            letter = Letter(to="", code=code, text=text, link=link)
            row.sealed = seal_letter(letter, practice, Message._meta.db_table, row.id)
        own = once if channel == Message.Channel.EMAIL else f"{once}-{channel}"
        _put_in(practice, row, kind, about, own, told, due_at)
    return bool(languages)


def _put_in(
    practice: PracticeId,
    row: Message,
    kind: str,
    about: UUID,
    once: str,
    facts: Facts | None,
    due_at: datetime | None,
) -> None:
    now = clock.now()
    row.practice_id, row.kind, row.about, row.facts = practice, kind, about, dict(facts or {})
    row.dedupe_key, row.due_at, row.created_at = f"{about}:{once}", due_at or now, now
    Message.objects.bulk_create([row], ignore_conflicts=True)
    if row.due_at <= now:  # of others the worker knows by the clock
        wake(practice)


def wake(practice: PracticeId) -> None:
    """The worker hears, when this commits, that something is due."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, str(practice)])


def addresses_for(kind: str) -> QuerySet[NotifierAddress]:
    """Those to which a message of this kind may go: all whose owner has confirmed them, and the question to the rest.

    Asked when a message is put in and again when it leaves.
    """
    standing = NotifierAddress.objects.filter(refused_at__isnull=True)
    return standing if kind == Message.Kind.ADDRESS else standing.filter(unconfirmed=False)


STANDING = Lookup(
    NotifierAddress,
    "notifier_address.practice_id = %(practice)s and about = %(about)s and channel = %(channel)s "
    "and refused_at is null and (%(asks)s or not unconfirmed)",
)


def address_of(message: Message) -> NotifierAddress | None:
    """That of ``addresses_for`` to which this one goes, read for each message that leaves. Needs ``acting_for``."""
    asks = message.kind == Message.Kind.ADDRESS
    return STANDING.first(practice=message.practice_id, about=message.about, channel=str(message.channel), asks=asks)


def stop(practice: PracticeId, about: UUID, kinds: Collection[str]) -> int:
    """Whatever of these kinds still waits is not sent any more; tell how many. Needs ``acting_for``."""
    waiting = Message.objects.filter(practice=practice, about=about, kind__in=kinds, state=Message.State.WAITING)
    return waiting.update(state=Message.State.STOPPED, done_at=clock.now(), sealed=None)
