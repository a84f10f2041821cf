"""Carry out an objection (GDPR Art. 21): what the practice does beyond the appointments themselves ends."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import Whose, standing, withdraw
from sprechzeit.patients.models import Consent
from sprechzeit.recall.due import LIVE
from sprechzeit.recall.models import Recall
from sprechzeit.rights.listing import patient_of
from sprechzeit.rights.models import RightsRequest
from sprechzeit.waiting.models import ENTRY_LIVE, WaitingEntry
from sprechzeit.waiting.offering import end_entry


def stop_optional(practice: PracticeId, actor: Actor, asked: RightsRequest) -> None:
    """Consents end, and with them reminders and invitations; check-ups end, and wishes on the waiting list.

    Booked appointments stand, and what has to be said about them. Needs ``acting_for`` and ``alone``.
    """
    patient = patient_of(asked)
    appointment = asked.appointment
    intake = appointment.intake_id if appointment else None
    if patient or intake:
        whose = Whose(patient=patient) if patient else Whose(intake=intake)
        for purpose in standing(practice, whose):
            withdraw(practice, actor, whose, Consent.Purpose(purpose))
    if patient:
        recalls = Recall.objects.filter(practice=practice, patient=patient, state__in=LIVE)
        if recalls.update(state=Recall.State.STOPPED, secret_hash=None, changed_at=clock.now()):
            record(practice, actor, "recall.end", [patient])
    leave_waiting_list(practice, actor, patient=patient, appointment=appointment.id if appointment else None)


def leave_waiting_list(
    practice: PracticeId, actor: Actor, *, patient: UUID | None, appointment: UUID | None = None
) -> None:
    """Take off the list whatever this person waits for. Needs ``acting_for``."""
    theirs = Q(appointment=appointment) if appointment else Q(id=None)
    if patient:
        theirs |= Q(patient=patient) | Q(appointment__patient=patient)
    for entry in WaitingEntry.objects.filter(theirs, practice=practice, state__in=ENTRY_LIVE).order_by("id"):
        end_entry(entry, WaitingEntry.State.WITHDRAWN)
        record(practice, actor, "waiting.withdraw", [entry.id])
