"""What somebody changed on an appointment since a page was loaded: read from the trail, told on its card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit.audit.models import Event
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.membership import member_name
from sprechzeit.vault import PracticeKeys

# Each of these makes the appointment's version one higher.
CHANGES = ("appointment.move", "appointment.resize", "appointment.mark", "appointment.cancel", "appointment.undo")
MOST = 5


@dataclass(frozen=True)
class Changed:
    """One change: what was done, when, and by which member (empty: the patient or a program)."""

    action: str
    at: datetime
    by: str


def changed_since(keys: PracticeKeys, appointment: UUID, version: int) -> list[Changed]:
    """The changes that made the appointment newer than ``version``, latest first, at most five.

    Raises
    ------
    AppointmentNotFound
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        newer = min(appointment_by_id(practice, appointment).version - version, MOST)
        if newer <= 0:
            return []
        found = Event.objects.filter(practice=practice, subjects__contains=[appointment], action__in=CHANGES)
        return [Changed(one.action, one.at, _by(keys, one)) for one in found.order_by("-number")[:newer]]


def _by(keys: PracticeKeys, event: Event) -> str:
    return member_name(keys, UUID(event.actor)) if event.actor_kind == "member" else ""
