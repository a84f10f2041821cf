"""What happens to who opens too many patients: the passkey is asked for, then the session ends (``guard/watch.py``).

Each in a transaction of its own: the read that went too far has been undone.
"""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.errors import UsedUp
from sprechzeit.guard.lift import lift, note_asked
from sprechzeit.guard.rules import MOST_ASKS, QUOTA
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.own_sessions import end_all, practices_of
from sprechzeit.staff.session import Session
from sprechzeit.staff.token import revoke_token


def ask_for_more(session: Session) -> bool:
    """Beyond the first limit: tell whether the passkey is to be asked for. The demo's member has none and goes on.

    Raises
    ------
    UsedUp
        It was asked for and not shown, and what must not be opened was asked for again and again: no person does that.
    """
    reader = str(session.member)
    with acting_for(session.practice):
        asks = note_asked(session.practice, reader)
        if asks == 1:
            record(session.practice, session.actor, "reading.ask", [session.member])
        if session.passkey is None:
            lift(session.practice, reader)
            return False
    if asks > MOST_ASKS:
        raise UsedUp
    return True


def stop_member(practice: PracticeId, member: UUID) -> None:
    """Beyond the second: every session of the member ends, in all their practices, and the owners get to know."""
    ended = sum(end_all(one, member) for one in practices_of(member))
    _tell(practice, Actor("member", str(member)), [member], ended)


def stop_token(practice: PracticeId, token: UUID) -> None:
    """A program has no passkey to show: beyond the second limit its token is revoked."""
    revoke_token(practice, Actor("system"), token)
    _tell(practice, Actor("token", str(token)), [token], 1)


def _tell(practice: PracticeId, actor: Actor, subjects: list[UUID], ended: int) -> None:
    with acting_for(practice):
        record(practice, actor, "reading.stop", subjects, {"sessions": ended})
        raise_alarm(QUOTA.name, practice, cause=actor.id, actor_kind=actor.kind, actor=actor.id)
