"""Erase a patient: record, intakes, comments and what merges remember go; appointments stay, nameless."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment, AppointmentNote, Occupancy, PatientNote
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.patient_card import PatientCard, coming_of, patient_card
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import forget_address
from sprechzeit.patients.errors import ComingAppointments, PatientChanged, Restricted
from sprechzeit.patients.followers import forget_followers
from sprechzeit.patients.merge import forget_merges_of
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.patients.read import open_patient
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class WhatGoes:
    """The patient's card, and the counts of what would go and of what would stay without a name."""

    card: PatientCard
    intakes: int
    appointments: int

    def __repr__(self) -> str:
        return "WhatGoes(…)"


def what_goes(keys: PracticeKeys, actor: Actor, patient: UUID) -> WhatGoes:
    """What erasing this patient would delete; a look at the patient, and recorded.

    Raises
    ------
    PatientNotFound, CannotOpen
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        card = patient_card(keys, actor, patient)
        theirs = Appointment.objects.filter(practice=practice, patient=patient)
        return WhatGoes(card, theirs.filter(intake__isnull=False).count(), theirs.count())


@retrying
def erase_patient(
    keys: PracticeKeys, actor: Actor, patient: UUID, *, version: int, cancel_coming: bool = False, key: str = ""
) -> None:
    """Delete everything that says who this is. It cannot be undone.

    Raises
    ------
    PatientNotFound, PatientChanged, Restricted, KeyReused, CannotOpen
    ComingAppointments
        There are appointments to come and ``cancel_coming`` is not asked for.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):

        def erase() -> Result:
            found = open_patient(keys, patient, locked=True)
            if found.version != version:
                raise PatientChanged
            if found.restricted_at is not None:
                raise Restricted
            coming = coming_of(practice, patient)
            if coming and not cancel_coming:
                raise ComingAppointments
            _cancel(practice, [one.id for one in coming])
            theirs = Appointment.objects.filter(practice=practice, patient=patient)
            intakes = list(theirs.filter(intake__isnull=False).values_list("intake_id", flat=True))
            AppointmentNote.objects.filter(practice=practice, appointment__in=theirs).delete()
            PatientNote.objects.filter(practice=practice, appointment__in=theirs).delete()
            forget_address(practice, *theirs.values_list("id", flat=True))
            count = theirs.update(patient=None, intake=None)
            Intake.objects.filter(practice=practice, id__in=intakes).delete()
            forget_merges_of(practice, patient)
            forget_followers(practice, patient)
            Patient.objects.filter(practice=practice, id=patient).delete()
            record(
                practice, actor, "patient.erase", [patient, *intakes], {"count": count, "cancelled": len(coming)}
            )  # fmt: skip  # lines grouped by hand
            return {"appointments": count}

        once(practice, key, ("erase-patient", patient, version, cancel_coming), erase)


def _cancel(practice: PracticeId, appointments: list[UUID]) -> None:
    """Free their times. One event tells of all: ``patient.erase`` counts them."""
    for one in Appointment.objects.select_for_update().filter(practice=practice, id__in=appointments).order_by("id"):
        Appointment.objects.filter(practice=practice, id=one.id).update(
            status=Appointment.Status.CANCELLED, version=one.version + 1, changed_at=clock.now()
        )
    Occupancy.objects.filter(practice=practice, appointment__in=appointments).delete()
