"""A practice with appointments on its desk, and what a member does with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Patient
from sprechzeit.practices.models import VisitType
from tests.factories import Made, make_person, type_id

TYPED = {"first_name": "Jörg", "last_name": "Öztürk", "birth_date": "", "phone": "", "email": ""}


def booked_at_desk(made: Made, visit_type: VisitType, start: datetime, **person: str) -> Appointment:
    with wearing(Role.DESK):
        return book_at_desk(made.keys, made.actor, type_id(visit_type), start, make_person(**person))


def appointment_of(made: Made, appointment: UUID) -> Appointment:
    with wearing(Role.DESK), acting_for(made.id):
        return Appointment.objects.get(id=appointment)


def rows(made: Made) -> tuple[int, int, int]:
    """How many appointments, occupancies and patients there are."""
    with wearing(Role.DESK), acting_for(made.id):
        return (
            Appointment.objects.filter(practice=made.id).count(),
            Occupancy.objects.filter(practice=made.id).count(),
            Patient.objects.filter(practice=made.id).count(),
        )


def local(made: Made, start: datetime) -> dict[str, str]:
    """Day and time as the form has them."""
    wall = start.astimezone(made.practice.zone)
    return {"tag": f"{wall:%Y-%m-%d}", "uhrzeit": f"{wall:%H:%M}"}


def enter(client: Client, made: Made, visit_type: VisitType, start: datetime, **more: str) -> HttpResponse:
    """Send the form for a new appointment of a new patient."""
    return client.post("/desk/neu/", {"art": visit_type.id, "bei": "", **local(made, start), **TYPED, **more})


def url_of(appointment: Appointment | UUID, step: str = "") -> str:
    number = appointment if isinstance(appointment, UUID) else appointment.id
    return f"/desk/termin/{number}/{step}"


def day_url(made: Made, start: datetime) -> str:
    return f"/desk/?tag={start.astimezone(made.practice.zone):%Y-%m-%d}"


SOON = timedelta(seconds=5)
