"""The steps of a patient through the pages, as they are without JavaScript."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.test import Client

from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.person import Person
from sprechzeit.practices.models import VisitType
from tests.factories import Made
from tests.web.page import Page

TYPED = {"first_name": "Erika", "last_name": "Muster", "email": "erika@example.org", "phone": ""}


def practice_url(made: Made, *, prefix: str = "") -> str:
    return f"{prefix}/praxis/{made.practice.slug}/"


def times_url(made: Made, visit_type: VisitType, *, prefix: str = "") -> str:
    return f"{practice_url(made, prefix=prefix)}termin/{visit_type.id}/"


def hold(client: Client, made: Made, visit_type: VisitType, start: datetime | str, **more: str) -> HttpResponse:
    text = start if isinstance(start, str) else start.isoformat()
    sent = {"art": str(visit_type.id), "bei": "alle", "zeit": text, **more}
    return client.post(f"{practice_url(made)}halten/", sent)


def details_url(client: Client, made: Made, visit_type: VisitType, start: datetime) -> str:
    """Hold a time and tell the address of the form."""
    return hold(client, made, visit_type, start).headers["Location"]


def book(client: Client, made: Made, visit_type: VisitType, start: datetime, **typed: str) -> str:
    """Book, and tell the address of the appointment."""
    form = Page(client.get(details_url(client, made, visit_type, start))).form(with_field="first_name")
    response = form.send(client, **{**TYPED, **typed})
    assert response.status_code == 303
    return response.headers["Location"].partition("?")[0]


def people(made: Made) -> list[Person]:
    """Who has booked, opened with the practice's key."""
    with wearing(Role.DESK), acting_for(made.id):
        return list(open_intakes(made.keys, Intake.objects.filter(practice=made.id)).values())


def rows(made: Made) -> tuple[int, int, int]:
    """How many holds, appointments and intakes there are."""
    with wearing(Role.DESK), acting_for(made.id):
        return (
            Hold.objects.filter(practice=made.id).count(),
            Appointment.objects.filter(practice=made.id).count(),
            Intake.objects.filter(practice=made.id).count(),
        )
