"""Whoever waited gets the held time: the appointment that they have is moved there, or they get one."""

from __future__ import annotations

from sprechzeit import clock
from sprechzeit.audit.record import Actor
from sprechzeit.booking.confirm import book_held
from sprechzeit.booking.errors import TooLate
from sprechzeit.booking.models import Hold
from sprechzeit.booking.move_into_hold import move_into_hold
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.rules import changeable
from sprechzeit.booking.tell import tell_booked
from sprechzeit.identifiers import PracticeId
from sprechzeit.waiting.models import WaitingEntry


def take(practice: PracticeId, actor: Actor, entry: WaitingEntry, held: Hold) -> None:
    """End the waiting with an appointment, booked like any other. Needs ``acting_for`` and the hold's visit type.

    Raises
    ------
    TooLate
        The appointment that they have cannot be changed any more.
    ChangedMeanwhile
    SlotTaken
        The hold has expired.
    """
    if entry.appointment_id is not None:
        appointment = appointment_by_id(practice, entry.appointment_id)
        if not changeable(appointment, entry.visit_type, clock.now()):
            raise TooLate
        move_into_hold(practice, actor, appointment, held)
    else:
        manage_hash = bytes(entry.secret_hash) if entry.secret_hash is not None else None
        made = book_held(practice, held, entry.intake_id, manage_hash, entry.source, patient=entry.patient_id)
        tell_booked(made, hold=entry.id)
    WaitingEntry.objects.filter(practice=practice, id=entry.id).update(
        state=WaitingEntry.State.BOOKED, ended_at=clock.now()
    )
