"""Join a practice by an invitation: with a new passkey, or with the one that a member of another practice has."""

from __future__ import annotations

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import InvitationRefused
from sprechzeit.staff.grants import grant_to
from sprechzeit.staff.invite import Invitation, read_invitation, take_up
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import Membership, Passkey
from sprechzeit.staff.opener import Opener, read_opener, require_strong
from sprechzeit.staff.passkey import Answer, RelyingParty, check_registration, store_passkey, verify
from sprechzeit.staff.session import begin
from sprechzeit.staff.swapped import telling_of_swaps
from sprechzeit.vault import PracticeKeys


@telling_of_swaps("invitation")
def join_practice(party: RelyingParty, invitation: str, answer: Answer, *, name: str) -> str:
    """Take up an invitation with a new passkey and tell the cookie of the session that begins.

    Raises
    ------
    InvitationRefused, LoginRefused, PassphraseNeeded, WeakPassphrase
        Nothing is used up but the challenge, and not even that when the passphrase is missing or weak.
    """
    found = read_invitation(invitation)
    opener = read_opener(answer)
    require_strong(opener)
    new = check_registration(party, answer)
    with acting_for(found.practice):
        keys = take_up(found)
        passkey = store_passkey(new)
        _join(found, keys, passkey, opener, name)
    return begin(found.practice, passkey.member_id, keys, passkey=passkey.id)


@telling_of_swaps("invitation")
def join_with_known_passkey(party: RelyingParty, invitation: str, answer: Answer, *, name: str) -> str:
    """Take up an invitation with a passkey that its member has already, from another practice.

    Raises
    ------
    InvitationRefused
        Also when the member belongs to this practice already.
    LoginRefused, PassphraseNeeded, WeakPassphrase
    """
    found = read_invitation(invitation)
    opener = read_opener(answer)
    require_strong(opener)
    passkey = verify(party, answer)
    with acting_for(found.practice):
        if Membership.objects.filter(practice=found.practice, member=passkey.member_id).exists():
            raise InvitationRefused
        keys = take_up(found)
        _join(found, keys, passkey, opener, name)
    return begin(found.practice, passkey.member_id, keys, passkey=passkey.id)


def _join(found: Invitation, keys: PracticeKeys, passkey: Passkey, opener: Opener, name: str) -> None:
    practice = PracticeId(found.practice)
    member = passkey.member_id
    grant_to(keys, member, bytes(passkey.credential_id), opener)
    add_membership(keys, member, found.role, name)
    record(practice, Actor("member", str(member)), "member.join", [member], {"role": found.role.value})
