"""Log in with a passkey: it proves who somebody is, and what it gives along opens the practices' keys."""

from __future__ import annotations

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_as_member, acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import KeySwapped, LoginRefused
from sprechzeit.staff.keys import grant_context, open_keys
from sprechzeit.staff.models import KeyGrant, Passkey
from sprechzeit.staff.opener import KINDS, Opener, kek_for, read_opener
from sprechzeit.staff.own_sessions import practices_of
from sprechzeit.staff.passkey import Answer, RelyingParty, verify
from sprechzeit.staff.session import begin
from sprechzeit.staff.swapped import tell_of_swap
from sprechzeit.vault import CannotOpen, PracticeKeys


def log_in(party: RelyingParty, answer: Answer) -> str:
    """Verify the passkey's answer, open the keys of all practices it has grants for, and tell the session's cookie.

    Raises
    ------
    LoginRefused, PassphraseNeeded, TooMany
    KeySwapped
        The public key of the only practice that opens was swapped. Where others open, these are logged in to, and an
        alarm is raised in the one.
    """
    opener = read_opener(answer)
    passkey = verify(party, answer, on_failure=record_failure)
    opened, swapped = _open_all(passkey, opener)
    for one in swapped:
        tell_of_swap(one.practice, one.found, way="log-in")
    if swapped and not opened:
        raise swapped[0]
    if not opened:
        record_failure(passkey)
        raise LoginRefused
    first, *others = opened
    return begin(PracticeId(first.practice), passkey.member_id, first, passkey=passkey.id, others=others)


def _open_all(passkey: Passkey, opener: Opener) -> tuple[list[PracticeKeys], list[KeySwapped]]:
    credential = bytes(passkey.credential_id)
    with acting_as_member(passkey.member_id):
        grants = list(
            KeyGrant.objects.filter(member=passkey.member_id, kind__in=KINDS, credential=credential).order_by(
                "created_at"
            )
        )
    opened: list[PracticeKeys] = []
    swapped: list[KeySwapped] = []
    for granted in grants:
        practice = PracticeId(granted.practice_id)
        context = grant_context(practice, KeyGrant.Kind(granted.kind), credential)
        try:
            keys = open_keys(context, kek_for(granted, opener))
        except CannotOpen:
            continue
        except KeySwapped as error:
            swapped.append(error)
            continue
        if keys is not None:
            opened.append(keys)
    return opened, swapped


def record_failure(passkey: Passkey) -> None:
    """A known passkey whose answer did not hold: each of its practices gets to know."""
    for practice in practices_of(passkey.member_id):
        with acting_for(practice):
            actor = Actor("member", str(passkey.member_id))
            record(practice, actor, "login.failed", [passkey.member_id])
