"""The practice's comment on an appointment, sealed under the data key and a key of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import AppointmentNotFound, ChangedMeanwhile
from sprechzeit.booking.models import Appointment, AppointmentNote
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.models import RecordKey
from sprechzeit.patients.record_keys import give_key, key_of
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import CannotOpen, Context, PracticeKeys, Secret, open_keyed, seal_keyed

LONGEST = 1000  # characters


@dataclass(frozen=True, repr=False)
class Note:
    """An opened comment; ``seen`` names this very text, for whoever changes it."""

    text: str
    seen: str

    def __repr__(self) -> str:
        return "Note(…)"


class Comment(NamedTuple):
    """A comment as it is stored, with its own key."""

    appointment: UUID
    sealed: bytes
    changed_at: datetime
    key: bytes | None


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
            own = key_of(practice, appointment) or give_key(practice, appointment)
            sealed = seal_keyed(current, own, text.encode(), _context(keys, appointment))
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
    for row in comments(PracticeId(keys.practice), [appointment]):
        return Note(open_comment(keys, row), row.changed_at.isoformat())
    return NONE


def comments(practice: PracticeId, appointments: Iterable[UUID]) -> list[Comment]:
    """The comments on these appointments, closed. Needs ``acting_for``."""
    own = RecordKey.objects.filter(practice=OuterRef("practice"), record=OuterRef("appointment")).values("key")
    rows = AppointmentNote.objects.filter(practice=practice, appointment__in=list(appointments))
    return list(map(Comment._make, rows.values_list("appointment", "note_sealed", "changed_at", Subquery(own))))


def open_comment(keys: PracticeKeys, row: Comment) -> str:
    """The text of one.

    Raises
    ------
    CannotOpen
        It was tampered with.
    """
    if row.key is None:
        raise CannotOpen
    own = Secret(bytes(row.key))
    return open_keyed(keys.keyring, own, bytes(row.sealed), _context(keys, row.appointment)).decode()


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
