"""Find appointments by what they are, not by who comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import VisitType

# No calendar or list shows them, and there are hundreds of appointments on a day.
UNSEEN = ("created_at", "manage_hash", "refusal")


def appointment_by_id(practice: PracticeId, appointment: UUID) -> Appointment:
    """One appointment with its visit type.

    Raises
    ------
    AppointmentNotFound
        There is none in this practice.
    """
    with acting_for(practice):
        found = Appointment.objects.select_related("visit_type").filter(practice=practice, id=appointment).first()
    if found is None:
        raise AppointmentNotFound
    return found


def appointments_between(
    practice: PracticeId, since: datetime, until: datetime, *, resources: Sequence[int] | None = None
) -> list[Appointment]:
    """Appointments, cancelled ones included, that start in ``[since, until)``, with visit types, earliest first.

    With ``resources`` only those in which one of them takes part.
    """
    with acting_for(practice):
        found = Appointment.objects.filter(practice=practice, starts_at__gte=since, starts_at__lt=until)
        found = found.defer(*UNSEEN)
        if resources is not None:
            found = found.filter(resource_ids__overlap=list(resources))
        appointments = list(found.order_by("starts_at", "id"))
        # There are few visit types and many appointments: each type is made once.
        types = VisitType.objects.in_bulk({one.visit_type_id for one in appointments})
    for one in appointments:
        one.visit_type = types[one.visit_type_id]
    return appointments
