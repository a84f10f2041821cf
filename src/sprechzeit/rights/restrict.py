"""Restrict the processing of a patient's data, and lift that again (GDPR Art. 18)."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.models import Patient
from sprechzeit.patients.restricted import restricted_since
from sprechzeit.rights.object import leave_waiting_list


class Told(StrEnum):
    """How the patient was told that it will be lifted."""

    MESSAGE = "message"
    PHONE = "phone"
    IN_PERSON = "in-person"
    LETTER = "letter"


def told_asked(text: str) -> Told:
    """The way of this name.

    Raises
    ------
    Invalid
    """
    if text not in list(Told):
        raise Invalid(_("Unterrichten Sie die Person zuerst und geben Sie an, wie."), field="told")
    return Told(text)


@retrying
def restrict(practice: PracticeId, actor: Actor, patient: UUID) -> None:
    """From now on nobody corrects or erases the record and nothing is sent but about booked appointments.

    What waits on the waiting list is taken off it. Restricted already, nothing changes.

    Raises
    ------
    PatientNotFound
    """
    with acting_for(practice):
        if restricted_since(practice, patient) is not None:
            return
        Patient.objects.filter(practice=practice, id=patient).update(restricted_at=clock.now())
        leave_waiting_list(practice, actor, patient=patient)
        record(practice, actor, "patient.restrict", [patient])


@retrying
def lift_restriction(practice: PracticeId, actor: Actor, patient: UUID, told: Told) -> None:
    """The patient has been told before, in the way ``told`` (Art. 18(3)). Lifted already, nothing changes.

    Raises
    ------
    PatientNotFound
    """
    with acting_for(practice):
        if restricted_since(practice, patient) is None:
            return
        Patient.objects.filter(practice=practice, id=patient).update(restricted_at=None)
        record(practice, actor, "patient.lift-restriction", [patient], {"told": f"told-{told.value}"})
