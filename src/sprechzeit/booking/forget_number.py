"""Whoever withdraws the consent to SMS gets none any more: what waits is stopped, the number goes at once."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import forget_channel
from sprechzeit.messages.models import Message
from sprechzeit.patients.consent import P, Whose, withdraw


def forget_number(practice: PracticeId, whose: Whose) -> None:
    """Of all appointments of this patient, or of the one that an intake belongs to. Needs ``acting_for``."""
    rows = Appointment.objects.filter(practice=practice)
    rows = rows.filter(patient=whose.patient) if whose.patient else rows.filter(intake=whose.intake)
    forget_channel(practice, *rows.values_list("id", flat=True), channel=Message.Channel.SMS)


@retrying
def withdraw_at_desk(practice: PracticeId, actor: Actor, patient: UUID, purpose: P) -> None:
    """Note that a patient withdrew a consent."""
    whose = Whose(patient=patient)
    with acting_for(practice):
        withdraw(practice, actor, whose, purpose)
        if purpose == P.REMINDER_SMS:
            forget_number(practice, whose)
