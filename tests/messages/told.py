"""Practices whose patients booked online with an address that may be written to."""

from __future__ import annotations

from typing import Any

from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice, VisitType
from tests.factories import Made, in_days, make_bookable, make_person, type_id

EMAIL = "erika@example.org"


def mailing(**fields: Any) -> tuple[Made, VisitType]:
    """Bookings count at once, and are told by mail."""
    made, visit_type = make_bookable(clinicians=2, **fields)
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(confirm_email=False)
    return made, visit_type


def booked(
    made: Made, visit_type: VisitType, hour: int = 9, *, days: int = 1, consents: tuple[str, ...] = (), **person: Any
) -> Booked:
    held = hold(made.id, type_id(visit_type), in_days(days, hour))
    return confirm(made.id, held.secret, make_person(**{"email": EMAIL, **person}), consents=consents)


def appointment(made: Made, booking: Booked) -> Appointment:
    with wearing(Role.DESK), acting_for(made.id):
        return Appointment.objects.get(id=booking.appointment_id)
