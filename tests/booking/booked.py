"""Appointments and what the database knows of them, in few words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sprechzeit.audit.models import Event
from sprechzeit.audit.record import SESSION
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.person import Person
from sprechzeit.practices.models import VisitType
from tests.factories import Made, make_person, type_id


def book_online(made: Made, visit_type: VisitType, start: datetime, person: Person | None = None) -> Booked:
    held = hold(made.id, type_id(visit_type), start)
    return confirm(made.id, held.secret, person or make_person())


def book_by_phone(made: Made, visit_type: VisitType, start: datetime, who: UUID | Person | None = None) -> Appointment:
    with wearing(Role.DESK):
        return book_at_desk(made.keys, made.actor, type_id(visit_type), start, who or make_person())


def events(made: Made, action: str) -> list[Event]:
    """In order. Which session it was, is left out of the details: tests/incident looks at that."""
    with wearing(Role.DESK), acting_for(made.id):
        found = list(Event.objects.filter(practice=made.id, action=action).order_by("number"))
    for one in found:
        one.details.pop(SESSION, None)
    return found


def rows(made: Made, table: Any, **wanted: Any) -> list[Any]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(table.objects.filter(practice=made.id, **wanted))
