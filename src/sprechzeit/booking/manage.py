"""A patient's own appointment, found by the secret of its manage link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.confirm import MANAGE
from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.rules import change_until, changeable
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import Secret, link_hash


@dataclass(frozen=True)
class Managed:
    """What the holder of a manage link may know: nothing that was typed, only when, what and with whom."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    visit_type: VisitType
    resource_ids: tuple[int, ...]
    changeable: bool
    change_until: datetime
    version: int
    refusal: str


def managed(appointment: Appointment, visit_type: VisitType) -> Managed:
    """The patient's view of an appointment."""
    return Managed(
        id=appointment.id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        status=appointment.status,
        visit_type=visit_type,
        resource_ids=tuple(appointment.resource_ids),
        changeable=changeable(appointment, visit_type, clock.now()),
        change_until=change_until(visit_type, appointment.starts_at),
        version=appointment.version,
        refusal=appointment.refusal,
    )


def own_appointment(practice: PracticeId, secret: Secret) -> Appointment:
    """The appointment of this link, with its visit type; needs the transaction opened by ``acting_for``.

    Raises
    ------
    AppointmentNotFound
        There is none.
    """
    found = (
        Appointment.objects.select_related("visit_type")
        .filter(practice=practice, manage_hash=link_hash(secret, MANAGE))
        .first()
    )
    if found is None:
        raise AppointmentNotFound
    return found


def find_managed(practice: PracticeId, secret: Secret) -> Managed:
    """What the link shows.

    Raises
    ------
    AppointmentNotFound
        There is no such appointment.
    """
    with acting_for(practice):
        found = own_appointment(practice, secret)
    return managed(found, found.visit_type)
