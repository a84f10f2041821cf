"""The emergency brakes, one action each, on a running system: sessions, tokens, exports and mass changes, the server.

Owners pull them at the desk, the host by ``sprechzeit brake``; neither needs a key of the practice for these.
A new data key is begun by ``staff/leave.py``, a new notifier's key pair by ``messages/notifier_key.py``.
"""

from __future__ import annotations

from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, Actor, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.read_only import set_read_only
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.models import ApiToken, DeskSession, KeyGrant


def end_sessions(practice: PracticeId, actor: Actor, member: UUID | None = None) -> int:
    """End every session in the practice, or of one member of it, the own one too; tell how many ended."""
    with acting_for(practice):
        found = DeskSession.objects.filter(practice=practice)
        if member is not None:
            found = found.filter(member=member)
        ended, _by_table = found.delete()
        record(practice, actor, "brake.sessions", [member] if member else [], {"count": ended})
    return ended


def revoke_all_tokens(practice: PracticeId, actor: Actor) -> int:
    """No program opens the practice any more; tell how many could."""
    with acting_for(practice):
        KeyGrant.objects.filter(practice=practice, kind=KeyGrant.Kind.TOKEN).delete()
        revoked, _by_table = ApiToken.objects.filter(practice=practice).delete()
        record(practice, actor, "brake.tokens", details={"count": revoked})
    return revoked


def freeze(practice: PracticeId, actor: Actor) -> None:
    """Stop exports and mass changes; nothing new when they are stopped already."""
    with acting_for(practice):
        if Practice.objects.filter(id=practice, frozen_at=None).update(frozen_at=clock.now()):
            record(practice, actor, "brake.freeze")


def release(practice: PracticeId, actor: Actor) -> None:
    """Allow them again."""
    with acting_for(practice):
        if Practice.objects.filter(id=practice, frozen_at__isnull=False).update(frozen_at=None):
            record(practice, actor, "brake.release")


def switch_read_only(wanted: bool) -> int:
    """The host's brake for the whole server; it is in the trail of every practice. Tells of how many."""
    with wearing(Role.WORKER):
        set_read_only(wanted)
        practices = _all_practices()
        for practice in practices:
            with acting_for(practice):
                if wanted:
                    record(practice, SYSTEM, "brake.read-only")
                else:
                    record(practice, SYSTEM, "brake.writable")
    return len(practices)


def tell_of_notifier_key() -> None:
    """The host has made a new pair for patients' addresses; it is in the trail of every practice."""
    with wearing(Role.WORKER):
        for practice in _all_practices():
            with acting_for(practice):
                record(practice, SYSTEM, "brake.notifier-key")


def tell_of_maintenance(*, is_on: bool) -> int:
    """The host has closed or opened the server; it is in the trail of every practice. Tells of how many."""
    with wearing(Role.WORKER):
        practices = _all_practices()
        for practice in practices:
            with acting_for(practice):
                if is_on:
                    record(practice, SYSTEM, "maintenance.begin")
                else:
                    record(practice, SYSTEM, "maintenance.end")
    return len(practices)


def _all_practices() -> list[PracticeId]:
    return [PracticeId(one) for one in Practice.objects.order_by("id").values_list("id", flat=True)]
