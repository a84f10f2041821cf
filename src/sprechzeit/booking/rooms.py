"""The practice's rooms, and in which of them somebody is being treated now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.models import Resource

A_DAY = timedelta(days=1)  # who was forgotten in treatment yesterday occupies nothing any more


@dataclass(frozen=True)
class Room:
    """A room that can be chosen. One that is occupied can be chosen too: some are for several."""

    id: ResourceId
    name: str
    occupied: bool


def rooms_now(practice: PracticeId) -> tuple[Room, ...]:
    """All rooms in use, in the practice's order."""
    now = clock.now()
    with acting_for(practice):
        treated = Appointment.objects.filter(
            practice=practice,
            status=Appointment.Status.IN_TREATMENT,
            starts_at__gt=now - A_DAY,
            starts_at__lt=now + A_DAY,
            treated_in__isnull=False,
        )
        occupied = set(treated.values_list("treated_in_id", flat=True))
        found = Resource.objects.filter(practice=practice, kind=Resource.Kind.ROOM, retired_at=None)
        rows = list(found.order_by("position", "id").values_list("id", "name"))
    return tuple(Room(ResourceId(number), name, number in occupied) for number, name in rows)
