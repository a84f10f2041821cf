"""A practice's alarms as its owners see them: which there are, and settle one with a note."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.guard.lift import begin_anew
from sprechzeit.guard.models import Alarm
from sprechzeit.guard.rules import BY_NAME, KEY_SWAPPED, QUOTA, Rule
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.staff.swapped import reopen_booking
from sprechzeit.vault import Context, PracticeKeys, open_record, seal_record

SHOWN = 50
LONGEST = 500  # characters


@dataclass(frozen=True, repr=False)
class AlarmShown:
    """An alarm with its rule, and the note that settled it."""

    alarm: Alarm
    rule: Rule
    note: str

    def __repr__(self) -> str:
        return "AlarmShown(…)"


def count_open(practice: PracticeId) -> int:
    """How many wait for somebody; it stands on every page of the owners. Walks ``alarm_open_once``."""
    with acting_for(practice):
        return Alarm.objects.filter(practice=practice, settled_at=None).count()


def alarms_of(keys: PracticeKeys) -> tuple[list[AlarmShown], list[AlarmShown]]:
    """The open ones, and the 50 that were settled last, the newest first each.

    Raises
    ------
    CannotOpen
        A note was tampered with.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = Alarm.objects.filter(practice=practice)
        waiting = list(found.filter(settled_at=None).order_by("-last_seen"))
        settled = list(found.exclude(settled_at=None).order_by("-settled_at")[:SHOWN])
    return [_shown(keys, one) for one in waiting], [_shown(keys, one) for one in settled]


def settle(keys: PracticeKeys, actor: Actor, alarm: UUID, note: str) -> None:
    """Somebody has looked into it. Who was stopped may go on. No error when it is settled already.

    Raises
    ------
    NotFound
    Invalid
        The note is longer than 500 characters, or cannot be kept.
    """
    practice = PracticeId(keys.practice)
    note = note.strip()
    if len(note) > LONGEST or "\0" in note:
        raise Invalid(_("Das ist zu lang: höchstens %(count)d Zeichen.") % {"count": LONGEST}, field="note")
    with acting_for(practice):
        row = Alarm.objects.filter(practice=practice, id=alarm).select_for_update().first()
        if row is None:
            raise NotFound(_("Diesen Alarm gibt es nicht."))
        if row.settled_at is not None:
            return
        key = keys_for_writing(keys).keyring.current_key
        sealed = seal_record(key, note.encode(), _context(keys, row)) if note else None
        Alarm.objects.filter(practice=practice, id=alarm).update(
            settled_at=clock.now(), settled_by=actor.id, note_sealed=sealed
        )
        if row.rule == QUOTA.name and row.actor:
            begin_anew(practice, row.actor)
        if row.rule == KEY_SWAPPED.name and not _is_open(practice, row.rule):
            reopen_booking(practice)
        record(practice, actor, "alarm.settle", [alarm], {"rule": row.rule})


def _is_open(practice: PracticeId, rule: str) -> bool:
    return Alarm.objects.filter(practice=practice, rule=rule, settled_at=None).exists()


def _shown(keys: PracticeKeys, alarm: Alarm) -> AlarmShown:
    sealed = alarm.note_sealed
    note = open_record(keys.keyring, bytes(sealed), _context(keys, alarm)).decode() if sealed else ""
    return AlarmShown(alarm, BY_NAME[alarm.rule], note)


def _context(keys: PracticeKeys, alarm: Alarm) -> Context:
    return Context(keys.practice, "alarm", "note_sealed", str(alarm.id))
