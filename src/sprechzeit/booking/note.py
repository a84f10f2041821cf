"""The practice's comment on an appointment, sealed under the data key."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import AppointmentNotFound, ChangedMeanwhile
from sprechzeit.booking.models import Appointment, AppointmentNote
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import Context, PracticeKeys, open_record, seal_record

LONGEST = 1000  # characters


@dataclass(frozen=True, repr=False)
class Note:
    """An opened comment; ``seen`` names this very text, for whoever changes it."""

    text: str
    seen: str

    def __repr__(self) -> str:
        return "Note(…)"


NONE = Note("", "")


@retrying
def write_note(keys: PracticeKeys, actor: Actor, appointment: UUID, text: str, *, seen: str) -> None:
    """Write, change or, with an empty text, delete the comment; ``seen`` is of the one that the caller saw.

    Raises
    ------
    AppointmentNotFound
    Invalid
        Longer than 1000 characters, or with characters that nobody types.
    ChangedMeanwhile
        Somebody else wrote something different since.
    """
    practice = PracticeId(keys.practice)
    text = read_text(text)
    with acting_for(practice):
        # The appointment's row is the lock; changed, it also tells open desks to look again.
        held = Appointment.objects.filter(practice=practice, id=appointment)
        if not held.update(changed_at=clock.now()):
            raise AppointmentNotFound
        before = note_of(keys, appointment)
        if before.text == text:
            return
        if before.seen != seen:
            message = _("Inzwischen hat jemand anders etwas dazu geschrieben. Ihr Text steht noch da.")
            raise ChangedMeanwhile(message)
        if text:
            current = keys_for_writing(keys).keyring.current_key
            sealed = seal_record(current, text.encode(), _context(keys, appointment))
            AppointmentNote.objects.update_or_create(
                appointment_id=appointment,
                defaults={"practice_id": practice, "note_sealed": sealed, "changed_at": clock.now()},
            )
        else:
            AppointmentNote.objects.filter(practice=practice, appointment=appointment).delete()
        record(practice, actor, "appointment.note", [appointment])


def note_of(keys: PracticeKeys, appointment: UUID) -> Note:
    """The comment on an appointment; an empty one where there is none. Needs ``acting_for``.

    Raises
    ------
    CannotOpen
        It was tampered with.
    """
    row = AppointmentNote.objects.filter(practice=keys.practice, appointment=appointment).first()
    if row is None:
        return NONE
    text = open_record(keys.keyring, bytes(row.note_sealed), _context(keys, appointment)).decode()
    return Note(text, row.changed_at.isoformat())


def read_text(text: str) -> str:
    """What was typed, with line ends as everywhere; raises ``Invalid`` when it cannot be kept."""
    text = "\n".join(line.rstrip() for line in text.replace("\t", " ").splitlines()).strip()
    if len(text) > LONGEST:
        raise Invalid(_("Das ist zu lang: höchstens %(count)d Zeichen.") % {"count": LONGEST}, field="note")
    if not all(letter.isprintable() or letter == "\n" for letter in text):
        raise Invalid(_("Hier stehen Zeichen, die sich nicht speichern lassen."), field="note")
    return text


def _context(keys: PracticeKeys, appointment: UUID) -> Context:
    return Context(keys.practice, "appointment_note", "note_sealed", str(appointment))
