"""Patients who want to be reminded, and the planner as the worker runs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.hold import hold
from sprechzeit.booking.plan_reminders import plan_reminders
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message
from sprechzeit.patients.models import Consent
from sprechzeit.practices.models import Practice, VisitType
from tests.factories import Made, make_bookable, make_person, type_id
from tests.messages.posted import messages

EMAIL = "erika@example.org"
REMIND = [Consent.Purpose.REMINDER_EMAIL]


def bookable(**fields: Any) -> tuple[Made, VisitType]:
    """A practice that asks for no code, so that a booking is firm at once; open in the afternoon of five days."""
    made, visit_type = make_bookable(clinicians=2, days=5, **{"hours": (9, 16), **fields})
    change(made, Practice, confirm_email=False)
    return made, visit_type


def change(made: Made, table: type[Practice] | type[VisitType], **fields: Any) -> None:
    wanted = {"id": made.id} if table is Practice else {"practice": made.id}
    with wearing(Role.DESK), acting_for(made.id):
        table.objects.filter(**wanted).update(**fields)


def booked(
    made: Made, visit_type: VisitType, start: datetime, consents: list[Any] = REMIND, email: str = EMAIL
) -> Booked:
    held = hold(made.id, type_id(visit_type), start)
    return confirm(made.id, held.secret, make_person(email=email), consents=consents)


def plan(made: Made) -> int:
    with wearing(Role.WORKER):
        return plan_reminders(Practice.objects.get(id=made.id))


def planned(made: Made, kind: str = Message.Kind.REMINDER, **wanted: Any) -> list[Message]:
    return messages(made, kind=kind, **wanted)
