"""The waiting room: who has arrived and since when, the longest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.day import Day
from sprechzeit.booking.models import Appointment

LONG = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, repr=False)
class Waiting:
    """Somebody who waits. ``minutes`` since the arrival was marked; ``late`` is how long after the appointed time."""

    id: UUID
    version: int
    name: str
    minutes: int
    late: int
    long: bool

    def __repr__(self) -> str:
        return "Waiting(…)"


def waiting_room(day: Day) -> list[Waiting]:
    """Everybody of this day who has arrived and is not in treatment yet."""
    now = clock.now()
    arrived = {
        one.appointment.id: one
        for column in day.columns
        for one in column.entries
        if one.appointment.status == Appointment.Status.ARRIVED
    }
    ordered = sorted(arrived.values(), key=lambda one: one.appointment.changed_at)
    return [
        Waiting(
            id=one.appointment.id,
            version=one.appointment.version,
            name=one.who.name,
            minutes=max(0, (now - one.appointment.changed_at) // MINUTE),
            late=max(0, (now - one.appointment.starts_at) // MINUTE),
            long=now - one.appointment.changed_at >= LONG,
        )
        for one in ordered
    ]
