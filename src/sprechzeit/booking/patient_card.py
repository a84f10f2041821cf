"""A patient as the desk sees them: the whole record, and the appointments that are coming and past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.no_shows import missed_by
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import Whose, consents_of
from sprechzeit.patients.merge import merged_at
from sprechzeit.patients.models import Consent
from sprechzeit.patients.read import Record, open_patient
from sprechzeit.practices.models import Resource
from sprechzeit.vault import PracticeKeys

PAST_SHOWN = 50


@dataclass(frozen=True)
class Visit:
    """An appointment with the names of whom and where."""

    appointment: Appointment
    resources: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class PatientCard:
    """The record, what is coming (earliest first) and what is past (newest first, at most 50; ``older`` more exist).

    ``consents`` are all that were ever given, the newest first. ``merged_at`` is of the latest merge into this record
    while it can be undone. ``missed``: to how many appointments they did not come.
    """

    record: Record
    coming: tuple[Visit, ...]
    past: tuple[Visit, ...]
    older: int
    merged_at: datetime | None
    consents: tuple[Consent, ...]
    missed: int

    def __repr__(self) -> str:
        return "PatientCard(…)"


def patient_card(keys: PracticeKeys, actor: Actor, patient: UUID) -> PatientCard:
    """Open one patient; that they were looked at is recorded.

    Raises
    ------
    PatientNotFound
    CannotOpen
        The record was tampered with.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = open_patient(keys, patient)
        coming, past, older = _visits(practice, patient)
        record(practice, actor, "patient.view", [patient])
        consents = tuple(consents_of(practice, Whose(patient=patient)))
        missed = missed_by(practice, [patient]).get(patient, 0)
        return PatientCard(found, coming, past, older, merged_at(practice, patient), consents, missed)


def coming_of(practice: PracticeId, patient: UUID) -> list[Appointment]:
    """The patient's appointments that are neither over nor cancelled, earliest first; needs ``acting_for``."""
    going = Appointment.objects.select_related("visit_type").filter(practice=practice, patient=patient)
    going = going.filter(ends_at__gt=clock.now()).exclude(status__in=OVER)
    return list(going.order_by("starts_at", "id"))


OVER = (Appointment.Status.CANCELLED, Appointment.Status.DONE, Appointment.Status.NO_SHOW)


def _visits(practice: PracticeId, patient: UUID) -> tuple[tuple[Visit, ...], tuple[Visit, ...], int]:
    coming = coming_of(practice, patient)
    rest = Appointment.objects.select_related("visit_type").filter(practice=practice, patient=patient)
    rest = rest.exclude(id__in=[one.id for one in coming])
    past = list(rest.order_by("-starts_at", "id")[:PAST_SHOWN])
    names = dict(Resource.objects.filter(practice=practice).order_by("kind", "position").values_list("id", "name"))

    def visit(one: Appointment) -> Visit:
        return Visit(one, tuple(name for number, name in names.items() if number in one.resource_ids))

    return tuple(map(visit, coming)), tuple(map(visit, past)), rest.count() - len(past)
