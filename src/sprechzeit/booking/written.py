"""What patients sent by their manage links and nobody has read yet, and what was sent about one appointment."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.booking.names import Name, name_of, names_of
from sprechzeit.booking.patient_note import OpenedNote, notes_of, open_note
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.vault import PracticeKeys

SHOWN = 50


@dataclass(frozen=True, repr=False)
class Written:
    """An unread note, the appointment that it is about, and whose that is."""

    appointment: Appointment
    who: Name
    note: OpenedNote

    def __repr__(self) -> str:
        return "Written(…)"


def written(keys: PracticeKeys, actor: Actor) -> list[Written]:
    """The 50 that have waited longest, the oldest first; that they were looked at is recorded.

    Raises
    ------
    CannotOpen
        Something was tampered with.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        rows = list(unsettled(practice).select_related("appointment__visit_type").order_by("created_at", "id")[:SHOWN])
        names = names_of(keys, [row.appointment for row in rows])
        found = [Written(row.appointment, name_of(names, row.appointment), open_note(keys, row)) for row in rows]
        if found:
            about = sorted({row.appointment_id for row in rows})
            record(practice, actor, "note.view", [*about, *sorted(names)], {"count": len(found)})
    return found


def notes_on(keys: PracticeKeys, appointment: UUID) -> list[OpenedNote]:
    """What was sent about one appointment; belongs to a look at it (``booking/card.py``), which writes the event."""
    with acting_for(PracticeId(keys.practice)):
        return notes_of(keys, appointment)


def unsettled(practice: PracticeId) -> QuerySet[PatientNote]:
    """Walks ``patient_note_unread``. Needs ``acting_for``."""
    return PatientNote.objects.filter(practice=practice, settled_at=None)
