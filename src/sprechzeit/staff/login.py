"""Log in with a passkey: it proves who somebody is, and its PRF output opens the practice's key."""

from __future__ import annotations

from sprechzeit.database.tenancy import acting_as_member
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.keys import grant_context, open_keys
from sprechzeit.staff.models import KeyGrant
from sprechzeit.staff.passkey import Answer, RelyingParty, prove
from sprechzeit.staff.session import begin
from sprechzeit.vault import CannotOpen, kek_from_prf


def log_in(party: RelyingParty, answer: Answer) -> str:
    """Verify the passkey's answer, open the practice's keys and tell the cookie of the session that begins.

    Raises
    ------
    LoginRefused, NoKeyFromPasskey
    """
    proof = prove(party, answer)
    credential = bytes(proof.passkey.credential_id)
    member = proof.passkey.member_id
    with acting_as_member(member):
        granted = (
            KeyGrant.objects.filter(member=member, kind=KeyGrant.Kind.PASSKEY_PRF, credential=credential)
            .order_by("created_at")
            .values_list("practice_id", flat=True)
            .first()
        )
    if granted is None:
        raise LoginRefused
    practice = PracticeId(granted)
    try:
        context = grant_context(practice, KeyGrant.Kind.PASSKEY_PRF, credential)
        keys = open_keys(context, kek_from_prf(proof.prf, context))
    except CannotOpen:
        raise LoginRefused from None
    if keys is None:
        raise LoginRefused
    return begin(practice, member, keys, passkey=proof.passkey.id)
