"""A member's own passkeys: which there are, add one, name one, remove one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.audit.record import record
from sprechzeit.database.tenancy import acting_as_member, acting_for
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.staff.errors import LastPasskey, NotLoggedIn
from sprechzeit.staff.grants import grant_to, revoke_credential
from sprechzeit.staff.models import DeskSession, KeyGrant, Passkey
from sprechzeit.staff.opener import read_opener, require_strong
from sprechzeit.staff.own_sessions import practices_of
from sprechzeit.staff.passkey import Answer, RelyingParty, check_registration, label_asked, store_passkey
from sprechzeit.staff.session import Session, in_practice, resume


@dataclass(frozen=True)
class OwnPasskey:
    """One passkey, as its member sees it."""

    id: UUID
    label: str
    created_at: datetime
    last_used_at: datetime | None
    with_passphrase: bool
    is_this: bool


def own_passkeys(session: Session) -> list[OwnPasskey]:
    """The member's passkeys, the oldest first."""
    with acting_as_member(session.member):
        stretched = {
            bytes(one)
            for one in KeyGrant.objects.filter(member=session.member, kind=KeyGrant.Kind.PASSPHRASE_DEVICE).values_list(
                "credential", flat=True
            )
        }
    return [
        OwnPasskey(
            row.id,
            row.label,
            row.created_at,
            row.last_used_at,
            bytes(row.credential_id) in stretched,
            row.id == session.passkey,
        )
        for row in Passkey.objects.filter(member=session.member).order_by("created_at")
    ]


def add_passkey(party: RelyingParty, session: Session, cookie: str, answer: Answer) -> None:
    """Add a passkey; it opens every practice that this session's log-in opened.

    Raises
    ------
    LoginRefused, PassphraseNeeded, WeakPassphrase
    """
    opener = read_opener(answer)
    require_strong(opener)
    new = check_registration(party, answer)
    passkey = store_passkey(new, member=session.member)
    for practice in practices_of(session.member):
        try:
            keys = resume(in_practice(cookie, practice)).keys
        except NotLoggedIn:
            continue
        with acting_for(practice):
            grant_to(keys, session.member, new.credential_id, opener)
            record(practice, session.actor, "passkey.add", [passkey.id])


def rename_passkey(session: Session, passkey: UUID, label: str) -> None:
    """Give it another name.

    Raises
    ------
    Invalid, NotFound
    """
    name = label_asked(label)
    if not name:
        raise Invalid(_("Bitte geben Sie einen Namen ein, höchstens 60 Zeichen."), field="label")
    if not Passkey.objects.filter(id=passkey, member=session.member).update(label=name):
        raise NotFound(_("Diesen Passkey gibt es nicht."))


def remove_passkey(session: Session, passkey: UUID) -> None:
    """Remove it, its grants and the sessions that it began; a session that began with it ends, this one too.

    Raises
    ------
    LastPasskey, NotFound
    """
    rows = Passkey.objects.filter(member=session.member)
    row = rows.filter(id=passkey).first()
    if row is None:
        raise NotFound(_("Diesen Passkey gibt es nicht."))
    if rows.count() == 1:
        raise LastPasskey
    for practice in practices_of(session.member):
        with acting_for(practice):
            revoke_credential(practice, bytes(row.credential_id))
            DeskSession.objects.filter(practice=practice, passkey=row.id).delete()
            record(practice, session.actor, "passkey.remove", [row.id])
    Passkey.objects.filter(id=row.id)._raw_delete("desk")
