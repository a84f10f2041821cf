"""Join a practice by an invitation: a new passkey, a membership, and a grant of the practice's key."""

from __future__ import annotations

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.invite import read_invitation, take_up
from sprechzeit.staff.keys import grant, grant_context
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import KeyGrant, Membership
from sprechzeit.staff.passkey import Answer, RelyingParty, register
from sprechzeit.staff.session import begin
from sprechzeit.vault import kek_from_prf


def join_practice(party: RelyingParty, invitation: str, answer: Answer, *, name: str) -> str:
    """Take up an invitation with a new passkey and tell the cookie of the session that begins.

    Raises
    ------
    InvitationRefused, LoginRefused, NoKeyFromPasskey
    """
    practice, secret = read_invitation(invitation)
    with acting_for(practice):
        proof = register(party, answer, label="")
        keys = take_up(practice, secret)
        credential = bytes(proof.passkey.credential_id)
        member = proof.passkey.member_id
        context = grant_context(practice, KeyGrant.Kind.PASSKEY_PRF, credential)
        grant(context, kek_from_prf(proof.prf, context), keys.private, member)
        first = not Membership.objects.filter(practice=practice).exists()
        role = Membership.Role.OWNER if first else Membership.Role.RECEPTION
        add_membership(keys, member, role, name)
        record(practice, Actor("member", str(member)), "member.join", [member], {"role": role.value})
    return begin(PracticeId(practice), member, keys, passkey=proof.passkey.id)
