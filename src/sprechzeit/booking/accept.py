"""Accept an intake at the desk: the appointment then belongs to a patient record."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor
from sprechzeit.booking.errors import WrongStatus
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import accept_intake
from sprechzeit.vault import PracticeKeys


@retrying
def accept(keys: PracticeKeys, actor: Actor, appointment: UUID) -> UUID:
    """Make a patient record of the appointment's intake and tell the patient's id.

    Raises
    ------
    AppointmentNotFound
    WrongStatus
        It has no open intake.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)
        if found.patient_id is not None or found.intake_id is None:
            raise WrongStatus
        patient = accept_intake(keys, actor, found.intake_id)
        Appointment.objects.filter(practice=practice, id=appointment).update(patient=patient)
        return patient
