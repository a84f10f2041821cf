"""The recovery sheet: a printed key that opens the practice when all passkeys are gone.

Made in two steps: printed, then confirmed by typing three of its words, so that a sheet counts only when it exists on
paper. The words are shown once and stored nowhere; of the three the database keeps a hash, which leaves 208 unknown
bits.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.practices.models import Practice
from sprechzeit.staff.day_sheet_key import count_printed, keep_for_printed
from sprechzeit.staff.errors import SheetRefused
from sprechzeit.staff.invite import invite
from sprechzeit.staff.keys import grant, grant_context, open_keys
from sprechzeit.staff.models import KeyGrant, Membership, RecoverySheet
from sprechzeit.staff.swapped import telling_of_swaps
from sprechzeit.vault import (
    CannotOpen,
    MalformedRecoveryKey,
    PracticeKeys,
    fingerprint,
    from_words,
    kek_from_recovery,
    new_recovery_secret,
    to_words,
)

ASKED = 3
LABEL = b"sprechzeit/v1/recovery/check\x00"


@dataclass(frozen=True, repr=False)
class PrintedSheet:
    """What stands on the sheet. Shown once; its ``repr`` shows nothing."""

    id: UUID
    slug: str
    practice_name: str
    words: tuple[str, ...]
    fingerprint: str
    made_at: datetime

    def __repr__(self) -> str:
        return "PrintedSheet(…)"


def make_sheet(keys: PracticeKeys, actor: Actor) -> PrintedSheet:
    """Make a new sheet. Until it is confirmed, older sheets go on to count."""
    practice = PracticeId(keys.practice)
    secret = new_recovery_secret()
    words = to_words(secret)
    sheet = new_id()
    with acting_for(practice):
        row = Practice.objects.get(id=practice)
        RecoverySheet.objects.filter(practice=practice, confirmed_at=None).delete()
        RecoverySheet.objects.create(
            id=sheet, practice_id=practice, check_hash=_check_hash(sheet, words), created_at=clock.now()
        )
        context = grant_context(practice, KeyGrant.Kind.RECOVERY, sheet.bytes)
        grant(context, kek_from_recovery(secret, context), keys.private, None)
        keep_for_printed(keys, secret)
        record(practice, actor, "sheet.make", [sheet])
        return PrintedSheet(sheet, row.slug, row.name, tuple(words), fingerprint(keys.private_key.public), clock.now())


def words_asked(sheet: UUID) -> tuple[int, ...]:
    """Which three words are asked for, counted from 1; the same at each try."""
    return tuple(sorted(random.Random(sheet.int).sample(range(1, 18), ASKED)))  # noqa: S311 - picks places, no secret


def unconfirmed_sheet(practice: PracticeId) -> UUID | None:
    """The sheet that waits for its confirmation."""
    with acting_for(practice):
        rows = RecoverySheet.objects.filter(practice=practice, confirmed_at=None).order_by("-created_at")
        return rows.values_list("id", flat=True).first()


def confirm_sheet(practice: PracticeId, actor: Actor, sheet: UUID, typed: list[str]) -> None:
    """Confirm a sheet by the words asked for; older sheets open nothing from now on.

    Raises
    ------
    SheetRefused
        They are not the sheet's; it can be tried again.
    """
    with acting_for(practice):
        row = RecoverySheet.objects.filter(practice=practice, id=sheet, confirmed_at=None).first()
        given = hashlib.sha256(LABEL + sheet.bytes + " ".join(word.strip().lower() for word in typed).encode()).digest()
        if row is None or not hmac.compare_digest(given, bytes(row.check_hash)):
            raise SheetRefused
        RecoverySheet.objects.filter(practice=practice, id=sheet).update(confirmed_at=clock.now())
        older = RecoverySheet.objects.filter(practice=practice).exclude(id=sheet)
        KeyGrant.objects.filter(practice=practice, kind=KeyGrant.Kind.RECOVERY).exclude(credential=sheet.bytes).delete()
        older.delete()
        count_printed(practice)
        Practice.objects.filter(id=practice, set_up_at=None).update(set_up_at=clock.now())
        record(practice, actor, "sheet.confirm", [sheet])


def confirmed_at(practice: PracticeId) -> datetime | None:
    """Since when the practice has a sheet that counts."""
    with acting_for(practice):
        rows = RecoverySheet.objects.filter(practice=practice, confirmed_at__isnull=False)
        return rows.values_list("confirmed_at", flat=True).first()


@telling_of_swaps("sheet")
def recover(slug: str, text: str) -> str:
    """Open the practice with its sheet and tell the part behind ``#`` of an owner's invitation.

    Raises
    ------
    SheetRefused
        There is no such practice, the words are no key, or not this practice's.
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
        for row in RecoverySheet.objects.filter(practice=number):
            context = grant_context(number, KeyGrant.Kind.RECOVERY, row.id.bytes)
            try:
                keys = open_keys(context, kek_from_recovery(secret, context))
            except CannotOpen:
                continue
            if keys is not None:
                RecoverySheet.objects.filter(practice=number, id=row.id).update(used_at=clock.now())
                record(number, Actor("system"), "sheet.use", [row.id])
                return invite(keys, Actor("system"), Membership.Role.OWNER)
        record(number, Actor("visitor"), "sheet.failed")
    raise SheetRefused


def _check_hash(sheet: UUID, words: list[str]) -> bytes:
    asked = " ".join(words[place - 1] for place in words_asked(sheet))
    return hashlib.sha256(LABEL + sheet.bytes + asked.encode()).digest()
