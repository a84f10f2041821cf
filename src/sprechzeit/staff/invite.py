"""Invite somebody into a practice: a link, valid once and for 72 hours, whose secret opens the practice's key.

The link is ``/desk/einladung/#<practice>.<secret>``: the secret stands in the fragment, which browsers do not send.
"""

from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import InvitationRefused
from sprechzeit.staff.keys import grant, grant_context, open_keys
from sprechzeit.staff.models import Enrolment, KeyGrant
from sprechzeit.vault import (
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


def invite(keys: PracticeKeys, actor: Actor) -> str:
    """Make an invitation and tell the part behind ``#``."""
    practice = PracticeId(keys.practice)
    secret = new_link_secret()
    secret_hash = link_hash(secret, PURPOSE)
    with acting_for(practice):
        Enrolment.objects.create(practice_id=practice, secret_hash=secret_hash, expires_at=clock.now() + LIFETIME)
        context = grant_context(practice, KeyGrant.Kind.INVITATION, secret_hash)
        grant(context, kek_from_link(secret, context), keys.private, None)
        record(practice, actor, "member.invite")
    return f"{practice}.{link_to_text(secret)}"


def read_invitation(text: str) -> tuple[PracticeId, Secret]:
    """Practice and secret of an invitation that is still good.

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
        good = Enrolment.objects.filter(
            practice=practice, secret_hash=link_hash(secret, PURPOSE), expires_at__gt=clock.now()
        ).exists()
    if not good:
        raise InvitationRefused
    return practice, secret


def take_up(practice: PracticeId, secret: Secret) -> PracticeKeys:
    """Use the invitation: its row and grant are gone afterwards. Two at the same instant: one gets it.

    Raises
    ------
    InvitationRefused
    """
    secret_hash = link_hash(secret, PURPOSE)
    with acting_for(practice):
        used, _ = Enrolment.objects.filter(practice=practice, secret_hash=secret_hash).delete()
        if not used:
            raise InvitationRefused
        context = grant_context(practice, KeyGrant.Kind.INVITATION, secret_hash)
        keys = open_keys(context, kek_from_link(secret, context))
        if keys is None:
            raise InvitationRefused
        KeyGrant.objects.filter(practice=practice, kind=KeyGrant.Kind.INVITATION, credential=secret_hash).delete()
        return keys
