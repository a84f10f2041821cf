"""Bookings and messages that do not open with the practice's key: sealed to another one while it stood in its place.

Whoever put that key there can read them, the practice cannot. They are found when a page of the desk meets one and when
an owner looks at the key's page; from then on the calendar shows them as somebody unknown.
"""

from __future__ import annotations

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.booking.patient_note import open_note
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.vault import CannotOpen, PracticeKeys

SHOWN = 200


def mark_unreadable(keys: PracticeKeys, actor: Actor) -> int:
    """Open all that waits to be taken over, mark what does not open, and tell how many were marked now.

    100 microseconds for each. A message loses what is sealed in it: to the practice it is nothing.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        waiting = Intake.objects.filter(practice=practice, accepted_at=None, unreadable_at=None)
        intakes = [one.id for one in waiting.iterator() if not _opens(keys, one)]
        unsettled = PatientNote.objects.filter(practice=practice, sealed__isnull=False)
        notes = [one.id for one in unsettled.iterator() if not _note_opens(keys, one)]
        if not intakes and not notes:
            return 0
        Intake.objects.filter(practice=practice, id__in=intakes).update(unreadable_at=clock.now())
        PatientNote.objects.filter(practice=practice, id__in=notes).update(sealed=None)
        record(practice, actor, "pair.unreadable", intakes, {"bookings": len(intakes), "messages": len(notes)})
        return len(intakes) + len(notes)


def unreadable(practice: PracticeId) -> list[Appointment]:
    """The appointments whose intake does not open, by their start; 200 at most."""
    with acting_for(practice):
        marked = Intake.objects.filter(practice=practice, unreadable_at__isnull=False).values("id")
        found = Appointment.objects.select_related("visit_type").filter(practice=practice, intake__in=marked)
        return list(found.order_by("starts_at")[:SHOWN])


def _opens(keys: PracticeKeys, intake: Intake) -> bool:
    try:
        open_intakes(keys, [intake])
    except (CannotOpen, ValueError):
        return False
    return True


def _note_opens(keys: PracticeKeys, note: PatientNote) -> bool:
    try:
        open_note(keys, note)
    except (CannotOpen, ValueError):
        return False
    return True
