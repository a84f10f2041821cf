"""Invite somebody into a practice: a link, valid once and for 72 hours, whose secret opens the practice's key.

The link is ``/desk/einladung/#<practice>.<secret>``: the secret stands in the fragment, which browsers do not send.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import InvitationRefused
from sprechzeit.staff.keys import grant, grant_context, open_keys
from sprechzeit.staff.models import Enrolment, KeyGrant, Membership
from sprechzeit.vault import (
    CannotOpen,
    PracticeKeys,
    Secret,
    VaultError,
    kek_from_link,
    link_from_text,
    link_hash,
    link_to_text,
    new_link_secret,
)

LIFETIME = timedelta(hours=72)
PURPOSE = "invitation"


@dataclass(frozen=True, repr=False)
class Invitation:
    """An invitation that is still good, with its secret."""

    practice: PracticeId
    role: Membership.Role
    secret: Secret


@dataclass(frozen=True)
class Pending:
    """An invitation that nobody has taken up yet."""

    id: UUID
    role: str
    created_at: datetime
    expires_at: datetime


def invite(keys: PracticeKeys, actor: Actor, role: Membership.Role = Membership.Role.RECEPTION) -> str:
    """Make an invitation and tell the part behind ``#``. The session that invites wraps the key for it."""
    practice = PracticeId(keys.practice)
    secret = new_link_secret()
    secret_hash = link_hash(secret, PURPOSE)
    with acting_for(practice):
        Enrolment.objects.create(
            practice_id=practice,
            role=role,
            invited_by_id=UUID(actor.id) if actor.kind == "member" else None,
            secret_hash=secret_hash,
            expires_at=clock.now() + LIFETIME,
        )
        context = grant_context(practice, KeyGrant.Kind.INVITATION, secret_hash)
        grant(context, kek_from_link(secret, context), keys.private, None)
        record(practice, actor, "member.invite", details={"role": role.value})
    return f"{practice}.{link_to_text(secret)}"


def pending_invitations(practice: PracticeId) -> list[Pending]:
    """Those that can still be taken up, the newest first."""
    with acting_for(practice):
        rows = Enrolment.objects.filter(practice=practice, expires_at__gt=clock.now()).order_by("-created_at")
        return [Pending(row.id, row.role, row.created_at, row.expires_at) for row in rows]


def withdraw(practice: PracticeId, actor: Actor, invitation: UUID) -> None:
    """The link opens nothing any more. No error when it is gone already."""
    with acting_for(practice):
        row = Enrolment.objects.filter(practice=practice, id=invitation).first()
        if row is not None:
            _forget(practice, bytes(row.secret_hash))
            record(practice, actor, "member.withdraw-invitation")


def read_invitation(text: str) -> Invitation:
    """An invitation that is still good.

    Raises
    ------
    InvitationRefused
    """
    practice_text, _, secret_text = text.partition(".") if isinstance(text, str) else ("", "", "")
    try:
        secret = link_from_text(secret_text)
        practice = PracticeId(int(practice_text) if practice_text.isdecimal() and len(practice_text) < 19 else 0)
    except VaultError:
        raise InvitationRefused from None
    with acting_for(practice):
        found = Enrolment.objects.filter(
            practice=practice, secret_hash=link_hash(secret, PURPOSE), expires_at__gt=clock.now()
        ).first()
    if found is None:
        raise InvitationRefused
    return Invitation(practice, Membership.Role(found.role), secret)


def take_up(invitation: Invitation) -> PracticeKeys:
    """Use the invitation: its row and grant are gone afterwards. Two at the same instant: one gets it.

    Raises
    ------
    InvitationRefused
    """
    practice = invitation.practice
    secret_hash = link_hash(invitation.secret, PURPOSE)
    with acting_for(practice):
        context = grant_context(practice, KeyGrant.Kind.INVITATION, secret_hash)
        used, _ = Enrolment.objects.filter(practice=practice, secret_hash=secret_hash).delete()
        if not used:
            raise InvitationRefused
        try:
            keys = open_keys(context, kek_from_link(invitation.secret, context))
        except CannotOpen:
            raise InvitationRefused from None
        if keys is None:
            raise InvitationRefused
        _forget(practice, secret_hash)
        return keys


def _forget(practice: PracticeId, secret_hash: bytes) -> None:
    Enrolment.objects.filter(practice=practice, secret_hash=secret_hash).delete()
    KeyGrant.objects.filter(practice=practice, kind=KeyGrant.Kind.INVITATION, credential=secret_hash).delete()
