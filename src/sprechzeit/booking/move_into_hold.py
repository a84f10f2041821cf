"""Move an appointment into a time that is held for it: nobody can come between."""

from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, SlotTaken
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.tell import tell_moved
from sprechzeit.identifiers import PracticeId


def move_into_hold(practice: PracticeId, actor: Actor, found: Appointment, held: Hold) -> None:
    """The held lanes become the appointment's, its old ones are free. Needs ``acting_for`` and the hold's visit type.

    Raises
    ------
    ChangedMeanwhile
    SlotTaken
        The hold has expired.
    """
    # Changing the row first makes a simultaneous change of the same appointment wait here and then fail.
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=found.version).update(
        version=found.version + 1,
        starts_at=held.starts_at,
        ends_at=held.starts_at + timedelta(minutes=held.visit_type.duration_minutes),
        resource_ids=held.resource_ids,
        overbooked=False,
        changed_at=clock.now(),
    )
    if not changed:
        raise ChangedMeanwhile
    Occupancy.objects.filter(practice=practice, appointment=found.id).delete()
    kept = Occupancy.objects.filter(practice=practice, hold=held.id, expires_at__gt=clock.now()).update(
        hold=None, appointment=found.id, expires_at=None
    )
    if kept != len(held.resource_ids):
        raise SlotTaken
    Hold.objects.filter(practice=practice, id=held.id).delete()
    record(practice, actor, "appointment.move", [found.id], {"fields": ["starts_at", "resource_ids"]})
    tell_moved(appointment_by_id(practice, found.id))
