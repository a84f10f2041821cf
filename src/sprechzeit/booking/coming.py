"""A patient says "I am coming", by the link in a reminder; the desk sees it at once."""

from __future__ import annotations

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.manage import State, managed, own_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.vault import Secret


@retrying
def will_come(practice: PracticeId, secret: Secret) -> None:
    """Note it; said twice it counts once. Whoever moves the appointment takes it away again.

    Raises
    ------
    AppointmentNotFound
    NotBookable
        It is cancelled, over, or only asked for.
    """
    with acting_for(practice):
        found = own_appointment(practice, secret)
        seen = managed(found, found.visit_type)
        if seen.state not in {State.CHANGEABLE, State.TOO_LATE} or seen.is_request:
            raise NotBookable
        unsaid = Appointment.objects.filter(practice=practice, id=found.id, patient_confirmed_at=None)
        # The version stays: what a member is doing with it at this moment goes on. Unless it was moved just now.
        if unsaid.filter(version=found.version).update(patient_confirmed_at=clock.now()):
            record(practice, Actor("patient"), "appointment.coming", [found.id])
