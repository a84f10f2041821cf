"""Split sessions: the row holds the practice's keys sealed, only the browser's cookie can open it.

The row without the cookie opens nothing, and neither does the cookie without the row.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.origin import current_origin
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import NotLoggedIn
from sprechzeit.staff.keys import open_keyring, require_own
from sprechzeit.staff.models import DeskSession, Membership
from sprechzeit.staff.swapped import telling_of_swaps
from sprechzeit.vault import PracticeKeys, Secret, VaultError, join, split, split_also

SEEN_EVERY = timedelta(seconds=30)
STEP_UP = timedelta(minutes=5)
LONGEST = timedelta(hours=24)  # no practice can choose more


@dataclass(frozen=True, repr=False)
class Session:
    """A member at work in a practice, with the practice's keys open for this request."""

    practice: PracticeId
    home: Practice
    member: UUID
    role: str
    keys: PracticeKeys
    login: UUID
    passkey: UUID | None
    proved_at: datetime
    expires_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor("member", str(self.member), str(self.login))

    @property
    def is_proved(self) -> bool:
        """Whether the passkey was asked for within the last five minutes; the demo's member has none."""
        return self.passkey is None or clock.now() - self.proved_at <= STEP_UP


def begin(
    practice: PracticeId,
    member: UUID,
    keys: PracticeKeys,
    *,
    passkey: UUID | None,
    others: Iterable[PracticeKeys] = (),
) -> str:
    """Begin a session and tell the cookie's value: ``practice.session.key``.

    ``others`` are the keys of the member's other practices: the same cookie opens them after a change of practice.
    """
    session = secrets.token_bytes(16)
    login = new_id()
    halves = split(keys.to_bytes(), _place(session, practice))
    _store(practice, member, passkey, login, session, halves.row)
    for other in others:
        number = PracticeId(other.practice)
        row = split_also(other.to_bytes(), halves.cookie_key, _place(session, number))
        _store(number, member, passkey, login, session, row)
    with acting_for(practice, member=member):
        record(practice, Actor("member", str(member), str(login)), "session.begin", [member])
    return f"{practice}.{_text(session)}.{_text(halves.cookie_key.reveal())}"


def _store(
    practice: PracticeId, member: UUID, passkey: UUID | None, login: UUID, session: bytes, sealed: bytes
) -> None:
    now = clock.now()
    with acting_for(practice, member=member):
        hours = Practice.objects.values_list("session_hours", flat=True).get(id=practice)
        DeskSession.objects.create(
            id_hash=_hash(session, practice),
            login=login,
            practice_id=practice,
            member_id=member,
            passkey_id=passkey,
            device=current_origin().device,
            keys_sealed=sealed,
            created_at=now,
            seen_at=now,
            proved_at=now,
            expires_at=now + timedelta(hours=hours),
        )


@telling_of_swaps("session")
def resume(cookie: str, *, passive: bool = False) -> Session:
    """The session of this cookie. ``passive``: nobody did anything, an open page asks by itself; the idle time runs on.

    Raises
    ------
    NotLoggedIn
        There is none, it has ended, or one of the halves is not the other's.
    KeySwapped
        The practice's public key is another one than the session's.
    """
    practice, session, cookie_key = _read(cookie)
    now = clock.now()
    with acting_for(practice):
        found = DeskSession.objects.select_related("practice").filter(practice=practice)
        row = found.filter(id_hash=_hash(session, practice)).first()
        if row is None:
            raise NotLoggedIn
        idle = timedelta(minutes=row.practice.idle_minutes)
        if row.expires_at <= now or row.seen_at + idle <= now:
            raise NotLoggedIn
        role = Membership.objects.filter(practice=practice, member=row.member_id).values_list("role", flat=True).first()
        if role is None:
            raise NotLoggedIn
        try:
            keys = PracticeKeys.from_bytes(join(bytes(row.keys_sealed), cookie_key, _place(session, practice)))
        except VaultError:
            raise NotLoggedIn from None
        require_own(practice, keys.private_key.public, bytes(row.practice.public_key))
        if keys.keyring.current != row.practice.current_data_key:  # rotated meanwhile
            keys = open_keyring(practice, keys.private)
            sealed = split_also(keys.to_bytes(), cookie_key, _place(session, practice))
            DeskSession.objects.filter(practice=practice, id_hash=row.id_hash).update(keys_sealed=sealed)
        if now - row.seen_at > SEEN_EVERY and not passive:
            DeskSession.objects.filter(practice=practice, id_hash=row.id_hash).update(seen_at=now)
    return Session(
        practice,
        row.practice,
        row.member_id,
        role,
        keys,
        row.login,
        row.passkey_id,
        row.proved_at,
        min(row.expires_at, now + idle),
    )


def in_practice(cookie: str, practice: PracticeId) -> str:
    """The same session's cookie for another practice of the member.

    Raises
    ------
    NotLoggedIn
        The log-in opened no keys of that practice.
    """
    _, session, cookie_key = _read(cookie)
    other = f"{practice}.{_text(session)}.{_text(cookie_key.reveal())}"
    resume(other)
    return other


def end(cookie: str) -> None:
    """Log out: the rows are deleted, so the cookie opens nothing any more. No error when they are gone already."""
    from sprechzeit.staff.own_sessions import end_login

    try:
        practice, session, _ = _read(cookie)
    except NotLoggedIn:
        return
    with acting_for(practice):
        row = DeskSession.objects.filter(practice=practice, id_hash=_hash(session, practice)).first()
        if row is not None:
            record(practice, Actor("member", str(row.member_id), str(row.login)), "session.end", [row.member_id])
    if row is not None:
        end_login(row.member_id, row.login)


def _hash(session: bytes, practice: int) -> bytes:
    return hashlib.sha256(b"sprechzeit/v1/session\x00" + _place(session, practice)).digest()


def _place(session: bytes, practice: int) -> bytes:
    return session + practice.to_bytes(8, "big")


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
