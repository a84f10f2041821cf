"""Split sessions: the row holds the practice's keys sealed, only the browser's cookie can open it.

The row without the cookie opens nothing, and neither does the cookie without the row.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import NotLoggedIn
from sprechzeit.staff.models import DeskSession, Membership
from sprechzeit.vault import PracticeKeys, Secret, VaultError, join, split

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, repr=False)
class Session:
    """A member at work in a practice, with the practice's keys open for this request."""

    practice: PracticeId
    member: UUID
    role: str
    keys: PracticeKeys
    expires_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor("member", str(self.member))


def _hash(session: bytes) -> bytes:
    return hashlib.sha256(b"sprechzeit/v1/session\x00" + session).digest()


def begin(practice: PracticeId, member: UUID, keys: PracticeKeys, *, passkey: UUID | None) -> str:
    """Begin a session and tell the cookie's value: ``practice.session.key``."""
    session = secrets.token_bytes(16)
    halves = split(keys.to_bytes(), session)
    now = clock.now()
    with acting_for(practice, member=member):
        DeskSession.objects.create(
            id_hash=_hash(session),
            practice_id=practice,
            member_id=member,
            passkey_id=passkey,
            keys_sealed=halves.row,
            created_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
        )
        record(practice, Actor("member", str(member)), "session.begin", [member])
    return f"{practice}.{_text(session)}.{_text(halves.cookie_key.reveal())}"


def resume(cookie: str) -> Session:
    """The session of this cookie.

    Raises
    ------
    NotLoggedIn
        There is none, it has ended, or one of the halves is not the other's.
    """
    practice, session, cookie_key = _read(cookie)
    now = clock.now()
    with acting_for(practice):
        row = DeskSession.objects.filter(practice=practice, id_hash=_hash(session)).first()
        if row is None or row.expires_at <= now or row.seen_at + IDLE <= now:
            raise NotLoggedIn
        role = Membership.objects.filter(practice=practice, member=row.member_id).values_list("role", flat=True).first()
        if role is None:
            raise NotLoggedIn
        if now - row.seen_at > SEEN_EVERY:
            DeskSession.objects.filter(practice=practice, id_hash=row.id_hash).update(seen_at=now)
    try:
        keys = PracticeKeys.from_bytes(join(bytes(row.keys_sealed), cookie_key, session))
    except VaultError:
        raise NotLoggedIn from None
    return Session(practice, row.member_id, role, keys, min(row.expires_at, now + IDLE))


def end(cookie: str) -> None:
    """Log out: the row is deleted, so the cookie opens nothing any more. No error when it is gone already."""
    try:
        practice, session, _ = _read(cookie)
    except NotLoggedIn:
        return
    with acting_for(practice):
        row = DeskSession.objects.filter(practice=practice, id_hash=_hash(session)).first()
        if row is not None:
            row.delete()
            record(practice, Actor("member", str(row.member_id)), "session.end", [row.member_id])


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _read(cookie: str) -> tuple[PracticeId, bytes, Secret]:
    parts = cookie.split(".")
    try:
        practice, session, key = parts
        number = int(practice) if practice.isascii() and practice.isdigit() and len(practice) < 19 else 0
        opened = [urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (session, key)]
    except ValueError:
        raise NotLoggedIn from None
    if number < 1 or len(opened[0]) != 16 or len(opened[1]) != 32:
        raise NotLoggedIn
    return PracticeId(number), opened[0], Secret(opened[1])
