"""What the holder of a manage link has agreed to; to withdraw is as easy as to agree (GDPR Art. 7(3))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sprechzeit.audit.record import Actor
from sprechzeit.booking.forget_number import forget_number
from sprechzeit.booking.manage import own_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import WORDINGS, P, Whose, alone, consents_of, give, withdraw
from sprechzeit.patients.models import Consent
from sprechzeit.vault import Secret

PATIENT = Actor("patient")


@dataclass(frozen=True)
class Agreed:
    """One purpose that was agreed to: the wording, since when, and until when if it was withdrawn."""

    purpose: str
    wording: str
    since: datetime
    until: datetime | None


def own_consents(practice: PracticeId, secret: Secret) -> list[Agreed]:
    """The latest of each purpose that was ever agreed to, in one order.

    Raises
    ------
    AppointmentNotFound
    """
    with acting_for(practice):
        whose = _whose(own_appointment(practice, secret))
        rows = list(consents_of(practice, whose)) if whose else []
    latest: dict[str, Consent] = {}
    for row in rows:
        if row.purpose not in latest or row.withdrawn_at is None:
            latest[row.purpose] = row
    found = [latest[purpose] for purpose in P if purpose in latest]
    return [Agreed(one.purpose, one.wording, one.given_at, one.withdrawn_at) for one in found]


@retrying
def give_own(practice: PracticeId, secret: Secret, purpose: P) -> None:
    """Agree, in the wording of this page.

    Raises
    ------
    AppointmentNotFound
    """
    with acting_for(practice):
        alone(practice)
        if whose := _whose(own_appointment(practice, secret)):
            give(practice, PATIENT, whose, purpose, str(WORDINGS[purpose]), Consent.Source.FRONT)


@retrying
def withdraw_own(practice: PracticeId, secret: Secret, purpose: P) -> None:
    """Withdraw.

    Raises
    ------
    AppointmentNotFound
    """
    with acting_for(practice):
        alone(practice)
        if whose := _whose(own_appointment(practice, secret)):
            withdraw(practice, PATIENT, whose, purpose)
            if purpose == P.REMINDER_SMS:
                forget_number(practice, whose)


def _whose(appointment: Appointment) -> Whose | None:
    """With the record once it was taken over; nobody's when that was erased."""
    if appointment.patient_id:
        return Whose(patient=appointment.patient_id)
    return Whose(intake=appointment.intake_id) if appointment.intake_id else None
