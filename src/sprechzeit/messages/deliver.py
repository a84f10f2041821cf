"""Hand over what is due. A worker that is killed loses no message, and as far as SMTP allows sends none twice.

A message is taken by an advisory lock of the transaction that marks it, and not by a lock on its row: a patient who
cancels in this moment stops what waits at once and never waits for a mail server. The lock ends with its worker's
connection, so whatever kills a worker, the next one finds the message waiting. "Sent" is committed as the very next
thing after the server's 250.

What SMTP cannot promise (RFC 5321, sections 4.1.1.4 and 4.5.3.2.6): between the server's decision to take a mail and
our commit lies a moment. Whoever dies in it, or loses the connection before the 250 arrives, cannot know whether the
mail was taken, and it is sent again: rather twice than never. Both have the same Message-ID, by which mail servers and
mailboxes can tell that they are one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, connections

from sprechzeit import clock
from sprechzeit.database.statements import run_planned
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.channels import WAYS, Channel, Later, Refused, way_of
from sprechzeit.messages.due import due
from sprechzeit.messages.holds import still_holds
from sprechzeit.messages.letter import Letter, open_letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.own_text import own_text_of
from sprechzeit.messages.post import address_of
from sprechzeit.messages.quiet import BEFORE_VISIT, after_quiet
from sprechzeit.messages.render import render, starts_at
from sprechzeit.practices.models import Practice
from sprechzeit.vault import CannotOpen
from sprechzeit.vault.hpke import PrivateKey

BATCH = 100
BACK_OFF = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6)
)  # fmt: skip  # lines grouped by hand
TAKE = "select pg_try_advisory_xact_lock(hashtext('message'), hashtext(%s))"
END = """
    update message set state = %(state)s, reason = %(reason)s, attempts = %(attempts)s, done_at = %(now)s, sealed = null
    where practice_id = %(practice)s and id = %(id)s and state = 'waiting'
"""
# For the end of the practice's quiet hours.
CAN_WAIT = {Message.Kind.REMINDER, Message.Kind.FOLLOW_UP, Message.Kind.RECALL}
NOT_AFTERWARDS = {
    Message.Kind.CONFIRMATION, Message.Kind.CHANGE, Message.Kind.REMINDER, Message.Kind.NOTE, Message.Kind.OFFER
}  # fmt: skip  # lines grouped by hand
log = structlog.get_logger("sprechzeit.messages")


class Outcome(StrEnum):
    """What became of one look at a message."""

    SENT = "sent"
    NOT_OURS = "not-ours"  # another worker has it, or it was stopped meanwhile
    AGAIN = "again"
    FAILED = "failed"
    STOPPED = "stopped"  # what it was to tell holds no longer
    AWAY = "away"  # of the channel: no use trying the next one now


@dataclass(frozen=True)
class Notifier:
    """The key that opens addresses, and the ways out by name (``channels.way_of``)."""

    key: PrivateKey
    channels: Callable[[str], Channel]


def deliver_due(
    notifier: Notifier, *, until: Callable[[], bool] = lambda: False, away: set[str] | None = None
) -> dict[Outcome, int]:
    """Deliver until nothing more is due or ``until`` says so. Needs the worker's role.

    Channels in ``away`` are not tried; those that turn out to be away are put into it, and the others go on.
    """
    away = set() if away is None else away
    counts = dict.fromkeys(Outcome, 0)
    while True:
        found = due(BATCH, without=away)
        moved = 0
        for practice, message, channel in found:
            if until():
                return counts
            if channel in away:
                continue
            outcome = deliver(practice, message, notifier)
            counts[outcome] += 1
            if outcome == Outcome.AWAY:
                away.add(channel)
            moved += outcome != Outcome.NOT_OURS
        if not moved:  # nothing is due, or others have all of it in hand
            return counts


def deliver(practice: PracticeId, message: UUID, notifier: Notifier) -> Outcome:
    """Send one, if it still waits and nobody else has it in hand."""
    with acting_for(practice):
        with connections[current_alias()].cursor() as cursor:
            cursor.execute(TAKE, [str(message)])
            taken = cursor.fetchone()
        if taken != (True,):
            return Outcome.NOT_OURS
        waiting = Message.objects.select_related("practice")
        row = waiting.filter(practice=practice, id=message, state=Message.State.WAITING, due_at__lte=clock.now())
        found = row.first()
        if found is None:
            return Outcome.NOT_OURS
        try:
            if not still_holds(found):
                return _end(found, Message.State.STOPPED, "")
            if (morning := _not_before(found)) is not None:
                _still_waiting(found).update(due_at=morning)
                return Outcome.AGAIN
            _send(found, found.practice, notifier)
        except Refused as refused:
            return _fail(found, refused.reason)
        except Later as later:
            outcome = _again(found, later.reason)
            return Outcome.AWAY if later.is_away else outcome
        except CannotOpen:
            return _fail(found, "cannot-open")
        except (DatabaseError, InterfaceError):
            raise
        except Exception:  # one that cannot be rendered must not keep the others from going out
            log.exception("a message was not sent", practice=practice)
            return _again(found, "internal")
        return _end(found, Message.State.SENT, "")


def _not_before(message: Message) -> datetime | None:
    """When quiet hours end that a reminder fell into while no worker ran or the mail server was away; else None."""
    if message.kind not in CAN_WAIT:
        return None
    now = clock.now()
    begins = starts_at(message)
    latest = begins - BEFORE_VISIT if begins and message.kind == Message.Kind.REMINDER else None
    later = after_quiet(message.practice, now, latest)
    return later if later > now else None


def _send(message: Message, practice: Practice, notifier: Notifier) -> None:
    begins = starts_at(message)
    if begins is not None and message.kind in NOT_AFTERWARDS and begins <= clock.now():
        raise Refused("too-late")
    if message.kind == Message.Kind.OFFER and datetime.fromisoformat(message.facts["until"]) <= clock.now():
        raise Refused("offer-over")
    way = way_of(practice, message.channel)
    if way not in WAYS:
        raise Refused(way)
    letter = _letter(message, notifier.key)
    notifier.channels(way).send(render(message, practice, letter, own_text_of(message)))


def _letter(message: Message, key: PrivateKey) -> Letter:
    if not message.kept:
        return open_letter(key, message)
    kept = address_of(message)
    if kept is None:
        raise Refused("address-gone")
    letter = open_letter(key, kept)
    if message.sealed is None:
        return letter
    own = open_letter(key, message)
    # What is not booked yet has nothing to manage; an offer has a link of its own.
    return replace(letter, code=own.code, text=own.text, link=own.link or ("" if own.code else letter.link))


def _again(message: Message, reason: str) -> Outcome:
    if message.attempts >= len(BACK_OFF):
        return _fail(message, reason)
    changes = {
        "attempts": message.attempts + 1,
        "due_at": clock.now() + BACK_OFF[message.attempts],
        "reason": reason,
    }
    _still_waiting(message).update(**changes)
    return Outcome.AGAIN


def _fail(message: Message, reason: str) -> Outcome:
    log.warning("a message failed", practice=message.practice_id, code=reason)
    return _end(message, Message.State.FAILED, reason)


def _end(message: Message, state: Message.State, reason: str) -> Outcome:
    """What was stopped while it was on its way stays stopped."""
    values = {"practice": message.practice_id, "id": message.id, "state": state.value, "reason": reason}
    run_planned(END, {**values, "attempts": message.attempts + 1, "now": clock.now()})
    return Outcome(state.value)


def _still_waiting(message: Message):  # type: ignore[no-untyped-def]  # a query set
    return Message.objects.filter(practice=message.practice_id, id=message.id, state=Message.State.WAITING)
