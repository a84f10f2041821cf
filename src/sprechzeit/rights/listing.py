"""The requests: as the holder of a link sees the own ones, and as the desk sees those that are not answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.manage import own_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.names import Name, name_of, names_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.rights.due import SOON, Urgency, urgency
from sprechzeit.rights.models import RightsRequest
from sprechzeit.vault import PracticeKeys, Secret

SHOWN = 200
COUNTED = 100
ANSWERED_SHOWN = 20
OWN = ("id", "kind", "state", "received_on", "due_on", "delay", "identity", "refusal", "created_at", "closed_at")


@dataclass(frozen=True, repr=False)
class Asked:
    """A request and whose it is. ``patient`` is the record, where there is one."""

    request: RightsRequest
    who: Name
    urgency: Urgency

    def __repr__(self) -> str:
        return "Asked(…)"

    @property
    def patient(self) -> UUID | None:
        return patient_of(self.request)


@dataclass(frozen=True)
class Open:
    """How many are not answered, and how many of these have a week left or less, or none."""

    open: int
    pressing: int


def own_requests(practice: PracticeId, secret: Secret) -> list[RightsRequest]:
    """What came by this link, the newest first: kind, state and dates, nothing that was written.

    Raises
    ------
    AppointmentNotFound
    """
    with acting_for(practice):
        found = own_appointment(practice, secret)
        rows = RightsRequest.objects.filter(practice=practice, appointment=found.id)
        return list(rows.only(*OWN).order_by("-created_at", "-id"))


def count_open(practice: Practice) -> Open:
    """Counted up to 100: it stands in the menu of every page. Walks ``rights_request_open``."""
    today = clock.now().astimezone(practice.zone).date()
    with acting_for(PracticeId(practice.id)):
        rows = RightsRequest.objects.filter(practice=practice.id, state=RightsRequest.State.OPEN)
        dues = list(rows.order_by("due_on").values_list("due_on", flat=True)[:COUNTED])
    return Open(len(dues), sum(due <= today + SOON for due in dues))


def open_requests(keys: PracticeKeys, actor: Actor, practice: Practice) -> list[Asked]:
    """What is not answered, the most urgent first; whose names were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    rows = _rows(practice).filter(state=RightsRequest.State.OPEN).order_by("due_on", "created_at", "id")
    return _named(keys, actor, practice, rows[:SHOWN])


def answered_requests(keys: PracticeKeys, actor: Actor, practice: Practice) -> list[Asked]:
    """The 20 that were answered last, the newest first; recorded like the open ones."""
    rows = _rows(practice).exclude(state=RightsRequest.State.OPEN).order_by("-closed_at", "-id")
    return _named(keys, actor, practice, rows[:ANSWERED_SHOWN])


def requests_of(practice: Practice, patient: UUID) -> list[RightsRequest]:
    """All of one patient, by whichever way, the newest first. Needs ``acting_for``."""
    rows = _rows(practice).filter(Q(patient=patient) | Q(appointment__patient=patient))
    return list(rows.order_by("-created_at", "-id"))


def patient_of(asked: RightsRequest) -> UUID | None:
    """The record that it is about, also while it came by the link of an appointment."""
    return asked.patient_id or (asked.appointment.patient_id if asked.appointment else None)


def whose(asked: RightsRequest) -> Appointment:
    """The appointment, or one that is not stored and only says who it is."""
    return asked.appointment or Appointment(id=asked.id, patient_id=asked.patient_id)


def _rows(practice: Practice) -> QuerySet[RightsRequest]:
    return RightsRequest.objects.filter(practice=practice.id).select_related("appointment")


def _named(keys: PracticeKeys, actor: Actor, practice: Practice, rows: Iterable[RightsRequest]) -> list[Asked]:
    number = PracticeId(practice.id)
    today = clock.now().astimezone(practice.zone).date()
    with acting_for(number):
        found = list(rows)
        about = [whose(one) for one in found]
        names = names_of(keys, about)
        if names:
            record(number, actor, "rights.view", sorted(names), {"count": len(names)})
    return [
        Asked(one, name_of(names, visit), urgency(one.due_on, today)) for one, visit in zip(found, about, strict=True)
    ]
