"""Accept an intake at the desk: the appointment then belongs to a patient record."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sprechzeit.audit.record import Actor
from sprechzeit.booking.errors import AppointmentNotFound, WrongStatus
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import accept_intake
from sprechzeit.vault import PracticeKeys


@retrying
def accept(
    keys: PracticeKeys,
    actor: Actor,
    appointment: UUID,
    *,
    patient: UUID | None = None,
    update: Collection[str] = (),
    version: int = 0,
) -> UUID:
    """Take the appointment's intake over into a patient's record, or into a new one, and tell the patient's id.

    ``update`` names the fields that the record takes from the intake; ``version`` is the record's that the caller saw.

    Raises
    ------
    AppointmentNotFound
    WrongStatus
        It has no open intake.
    PatientNotFound
    PatientChanged
        The record that is to be updated was changed since.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        # Locked, so that of two who accept at once the second sees what the first did.
        found = Appointment.objects.select_for_update().filter(practice=practice, id=appointment).first()
        if found is None:
            raise AppointmentNotFound
        if found.patient_id is not None or found.intake_id is None:
            raise WrongStatus
        patient = accept_intake(keys, actor, found.intake_id, patient=patient, update=update, version=version)
        Appointment.objects.filter(practice=practice, id=appointment).update(patient=patient)
        return patient
