"""Bookings from the patients' side that nobody has taken over into the records yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.written import unsettled
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.person import Person
from sprechzeit.vault import PracticeKeys

COUNTED = 100
SHOWN = 50


@dataclass(frozen=True, repr=False)
class Unread:
    """A booking and what its patient typed."""

    appointment: Appointment
    person: Person | None

    def __repr__(self) -> str:
        return "Unread(…)"


def count_unread(practice: PracticeId) -> int:
    """How many there are, counted up to 100 each: it stands in the bar of every page.

    Walks ``appointment_unread`` and ``patient_note_unread``.
    """
    with acting_for(practice):
        return _unread(practice)[:COUNTED].count() + unsettled(practice)[:COUNTED].count()


def inbox(keys: PracticeKeys, actor: Actor) -> list[Unread]:
    """The 50 that have waited longest, the oldest first; that they were looked at is recorded.

    Raises
    ------
    CannotOpen
        An intake was tampered with.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = list(_unread(practice).select_related("visit_type").order_by("created_at", "id")[:SHOWN])
        people = open_intakes(keys, Intake.objects.filter(practice=practice, id__in=[one.intake_id for one in found]))
        if people:
            record(practice, actor, "intake.view", sorted(people), {"count": len(people)})
    return [Unread(one, people.get(one.intake_id) if one.intake_id else None) for one in found]


def _unread(practice: PracticeId) -> QuerySet[Appointment]:
    waiting = Appointment.objects.filter(practice=practice, patient__isnull=True, intake__isnull=False)
    return waiting.exclude(status=Appointment.Status.CANCELLED)
