"""Find appointments by what they are, not by who comes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId


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


def appointments_between(practice: PracticeId, since: datetime, until: datetime) -> list[Appointment]:
    """Appointments, cancelled ones included, that start in ``[since, until)``, with visit types, earliest first."""
    with acting_for(practice):
        return list(
            Appointment.objects.select_related("visit_type")
            .filter(practice=practice, starts_at__gte=since, starts_at__lt=until)
            .order_by("starts_at", "id")
        )
