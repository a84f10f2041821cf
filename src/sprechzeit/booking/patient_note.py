"""What patients send by their manage link: sealed to the practice's public key on arrival, opened at the desk alone."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.errors import TooManyNotes
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.record_keys import give_key, key_of
from sprechzeit.practices.key_in_use import key_to_seal_to
from sprechzeit.practices.models import Practice
from sprechzeit.vault import CannotOpen, Context, PracticeKeys, open_shreddable, seal_shreddable

Kind = PatientNote.Kind
LONGEST = 500
MOST_UNREAD = 5  # of one appointment: whoever has one link cannot fill the practice's inbox
FORBIDDEN = {"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"}


@dataclass(frozen=True, repr=False)
class Sent:
    """What was typed. Its ``repr`` shows nothing."""

    email: str = ""
    phone: str = ""
    text: str = ""

    def __repr__(self) -> str:
        return "Sent(…)"


@dataclass(frozen=True, repr=False)
class OpenedNote:
    """A note, opened at the desk."""

    id: UUID
    kind: str
    sent: Sent
    created_at: datetime
    is_unread: bool

    def __repr__(self) -> str:
        return "OpenedNote(…)"


def _context(practice: int, note: UUID) -> Context:
    return Context(practice=practice, table="patient_note", column="sealed", row=str(note))


def put_note_in(practice: PracticeId, appointment: Appointment, kind: Kind, sent: Sent | None = None) -> UUID:
    """Seal and store it; needs ``acting_for``.

    Raises
    ------
    TooManyNotes
    """
    if unread_of(practice, appointment.id) >= MOST_UNREAD:
        raise TooManyNotes
    note = new_id()
    sealed = None
    if sent is not None:
        public_key = key_to_seal_to(Practice.objects.get(id=practice))
        content = json.dumps(asdict(sent), ensure_ascii=False, separators=(",", ":")).encode()
        sealed = seal_shreddable(public_key, give_key(practice, note), content, _context(practice, note))
    # Without RETURNING: the front's role may not read the sealed column, not even its own.
    row = PatientNote(
        id=note,
        practice_id=practice,
        appointment_id=appointment.id,
        kind=kind,
        sealed=sealed,
        created_at=clock.now(),
    )
    PatientNote.objects.bulk_create([row])
    return note


def unread_of(practice: PracticeId, appointment: UUID) -> int:
    """How many of one appointment nobody has read. Needs ``acting_for``."""
    return PatientNote.objects.filter(practice=practice, appointment=appointment, settled_at=None).count()


def open_note(keys: PracticeKeys, row: PatientNote) -> OpenedNote:
    """Open one with the practice's private key and its own. Needs ``acting_for``.

    Raises
    ------
    CannotOpen
        It was tampered with.
    """
    sent = Sent()
    if row.sealed is not None:
        own = key_of(keys.practice, row.id)
        if own is None:
            raise CannotOpen
        opened = open_shreddable(keys.private_key, own, bytes(row.sealed), _context(keys.practice, row.id))
        sent = Sent(**json.loads(opened))
    return OpenedNote(row.id, row.kind, sent, row.created_at, row.settled_at is None)


def notes_of(keys: PracticeKeys, appointment: UUID) -> list[OpenedNote]:
    """Of one appointment: what is unread, and answers that were read, the oldest first. Needs ``acting_for``.

    The caller writes the event.
    """
    rows = PatientNote.objects.filter(practice=keys.practice, appointment=appointment).order_by("created_at", "id")
    return [open_note(keys, row) for row in rows if row.settled_at is None or row.kind == Kind.ANSWER]


def read_text(text: str) -> str:
    """Some lines of text; raises ``Invalid`` when it is none."""
    value = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if not value:
        raise Invalid(_("Bitte schreiben Sie etwas."), field="text")
    if len(value) > LONGEST:
        raise Invalid(_("Das ist zu lang: höchstens %(count)d Zeichen.") % {"count": LONGEST}, field="text")
    if any(unicodedata.category(letter) in FORBIDDEN and letter != "\n" for letter in value):
        raise Invalid(_("Hier stehen Zeichen, die sich nicht speichern lassen."), field="text")
    return value
