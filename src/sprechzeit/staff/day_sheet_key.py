"""The ways in which a practice's day sheets can be opened: its recovery sheet, a passphrase, or both.

What was handed out before stays as it was: a sheet opens with the ways that counted when it was made.
"""

from __future__ import annotations

import unicodedata

from zxcvbn import zxcvbn

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import WeakDaySheetPassphrase
from sprechzeit.staff.models import DaySheetKey
from sprechzeit.vault import DaySheetWay, PracticeKeys, Secret, new_salt, wrap_for_passphrase, wrap_for_recovery
from sprechzeit.vault.day_sheet import ITERATIONS

LENGTH = (16, 72)  # characters; the latter is as far as zxcvbn looks
STRONG = 4  # of 4 (zxcvbn)
GUESSES = 14  # powers of ten: centuries at the few thousand guesses a second that a graphics card makes at this cost
Kind = DaySheetKey.Kind


def keep_for_printed(keys: PracticeKeys, recovery_secret: Secret) -> None:
    """Let a recovery sheet that is just being made open day sheets once it is confirmed. Needs ``acting_for``."""
    way = DaySheetWay(keys.practice, Kind.RECOVERY.value, new_salt())
    _keep(Kind.PRINTED, way, wrap_for_recovery(recovery_secret, keys.private, way))


def count_printed(practice: PracticeId) -> None:
    """From now on it is this recovery sheet that opens, and no older one. Needs ``acting_for``."""
    printed = DaySheetKey.objects.filter(practice=practice, kind=Kind.PRINTED)
    if printed.exists():
        DaySheetKey.objects.filter(practice=practice, kind=Kind.RECOVERY).delete()
        printed.update(kind=Kind.RECOVERY, created_at=clock.now())


@retrying
def set_day_sheet_passphrase(keys: PracticeKeys, actor: Actor, passphrase: str) -> None:
    """Let day sheets be opened with this passphrase, and no longer with the one before.

    Raises
    ------
    WeakDaySheetPassphrase
        Too easy to guess, too short or too long, or with characters that nobody types.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        own = Practice.objects.get(id=practice)
        require_unguessable(passphrase, [own.name, own.slug, own.city, own.phone, own.street])
        way = DaySheetWay(practice, Kind.PASSPHRASE.value, new_salt(), ITERATIONS)
        _keep(Kind.PASSPHRASE, way, wrap_for_passphrase(passphrase, keys.private, way))
        record(practice, actor, "day-sheet.set-passphrase")


@retrying
def remove_day_sheet_passphrase(practice: PracticeId, actor: Actor) -> None:
    """Sheets that are made from now on open with the recovery key alone."""
    with acting_for(practice):
        gone, _ = DaySheetKey.objects.filter(practice=practice, kind=Kind.PASSPHRASE).delete()
        if gone:
            record(practice, actor, "day-sheet.remove-passphrase")


def day_sheet_keys(practice: PracticeId) -> list[DaySheetKey]:
    """What counts now; a sheet that nobody has confirmed does not."""
    with acting_for(practice):
        return list(DaySheetKey.objects.filter(practice=practice).exclude(kind=Kind.PRINTED).order_by("kind"))


def way_of(key: DaySheetKey) -> DaySheetWay:
    """The row as the vault knows it."""
    return DaySheetWay(key.practice_id, key.kind, bytes(key.salt), key.iterations)


def require_unguessable(passphrase: str, known: list[str]) -> None:
    """``known`` is what anybody would try first.

    Raises
    ------
    WeakDaySheetPassphrase
    """
    typed = unicodedata.normalize("NFKC", passphrase).strip()
    if not LENGTH[0] <= len(typed) <= LENGTH[1] or not typed.isprintable():
        raise WeakDaySheetPassphrase
    found = zxcvbn(typed, user_inputs=[*known, *" ".join(known).split()])
    if found["score"] < STRONG or found["guesses_log10"] < GUESSES:
        raise WeakDaySheetPassphrase


def _keep(kind: DaySheetKey.Kind, way: DaySheetWay, wrapped: bytes) -> None:
    DaySheetKey.objects.update_or_create(
        practice_id=way.practice,
        kind=kind,
        defaults={
            "salt": way.salt,
            "iterations": way.iterations,
            "wrapped": wrapped,
            "created_at": clock.now(),
        },
    )
