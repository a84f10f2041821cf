"""Put a practice's own public key back after a swap: an owner's passkey or the recovery sheet opens the private key,
and the public key is computed from it. Nothing that stands in the database decides which key is the right one but the
grant, which nobody can make without its secret, and the trail, which must tell the same fingerprint.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.audit.pair import told_print
from sprechzeit.audit.record import SYSTEM, Actor, record
from sprechzeit.database.tenancy import acting_as_member, acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import LoginRefused, SheetRefused, StaffError
from sprechzeit.staff.keys import grant_context, open_private, print_of
from sprechzeit.staff.models import KeyGrant, Membership, RecoverySheet
from sprechzeit.staff.opener import KINDS, kek_for, read_opener
from sprechzeit.staff.passkey import Answer, RelyingParty, verify
from sprechzeit.vault import (
    CannotOpen,
    MalformedRecoveryKey,
    Secret,
    fingerprint,
    from_words,
    kek_from_recovery,
    public_of,
)


class TrailTellsAnother(StaffError):
    """The opened key is not the one whose fingerprint stands in the trail: the host has to look into it first."""

    code = "trail-tells-another"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _(
                "Im Protokoll steht ein anderer Fingerabdruck als der Ihres Schlüssels. Es wurde nichts geändert; "
                "bitte rufen Sie den Betreiber an."
            )
        )


def restore_by_passkey(party: RelyingParty, answer: Answer) -> list[str]:
    """Put the key back in each practice that this passkey's member owns and that shows another one.

    Tells the names of these practices. No session begins; online booking stays closed until the alarm is settled.

    Raises
    ------
    LoginRefused, PassphraseNeeded, TooMany
    TrailTellsAnother
    """
    opener = read_opener(answer)
    passkey = verify(party, answer)
    credential = bytes(passkey.credential_id)
    with acting_as_member(passkey.member_id):
        owned = Membership.objects.filter(member=passkey.member_id, role=Membership.Role.OWNER)
        grants = list(
            KeyGrant.objects.filter(
                member=passkey.member_id,
                kind__in=KINDS,
                credential=credential,
                practice__in=list(owned.values_list("practice_id", flat=True)),
            )
        )
    names, opened = [], False
    for granted in grants:
        practice = PracticeId(granted.practice_id)
        context = grant_context(practice, KeyGrant.Kind(granted.kind), credential)
        with acting_for(practice):
            try:
                private = open_private(context, kek_for(granted, opener))
            except CannotOpen:
                continue
            if private is None:
                continue
            opened = True
            if name := _put_back(practice, private, Actor("member", str(passkey.member_id))):
                names.append(name)
    if not opened:
        raise LoginRefused
    return names


def restore_by_sheet(slug: str, text: str) -> str:
    """The same by the recovery sheet; tells the practice's name, or nothing when its key is the right one already.

    Raises
    ------
    SheetRefused, TrailTellsAnother
    """
    practice = Practice.objects.filter(slug=slug).first() if slug.isascii() and "\0" not in slug else None
    try:
        secret = from_words(text)
    except MalformedRecoveryKey:
        raise SheetRefused from None
    if practice is None:
        raise SheetRefused
    number = PracticeId(practice.id)
    with acting_for(number):
        for sheet in RecoverySheet.objects.filter(practice=number).values_list("id", flat=True):
            context = grant_context(number, KeyGrant.Kind.RECOVERY, sheet.bytes)
            try:
                private = open_private(context, kek_from_recovery(secret, context))
            except CannotOpen:
                continue
            if private is not None:
                return _put_back(number, private, SYSTEM)
        record(number, Actor("visitor"), "sheet.failed")
    raise SheetRefused


def _put_back(practice: PracticeId, private: Secret, actor: Actor) -> str:
    """Store the private key's public half; tells the practice's name when another one stood there."""
    own = public_of(private)
    row = Practice.objects.select_for_update().get(id=practice)
    if bytes(row.public_key) == own:
        return ""
    if told_print(practice) not in (None, fingerprint(own)):
        raise TrailTellsAnother
    Practice.objects.filter(id=practice).update(public_key=own)
    details = {"fingerprint": fingerprint(own), "found": print_of(bytes(row.public_key))}
    record(practice, actor, "pair.restore", details=details)
    return row.name
