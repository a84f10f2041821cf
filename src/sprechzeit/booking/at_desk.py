"""Book at the desk, for a patient whose record is there or for a new one, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.address import keep_from_record
from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.booking.models import Appointment, UndoStep
from sprechzeit.booking.occupy import is_overbooked, occupy, span_of
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.undo import remember
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId, new_id
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Patient
from sprechzeit.patients.person import Person
from sprechzeit.practices.directory import visit_type_by_id
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.timetable.availability import candidate_lanes
from sprechzeit.vault import PracticeKeys


@retrying
def book_at_desk(
    keys: PracticeKeys,
    actor: Actor,
    visit_type: VisitTypeId,
    start: datetime,
    who: UUID | Person,
    *,
    resource: ResourceId | None = None,
    kind: str = Appointment.Type.ROUTINE,
    overbook: bool = False,
    arrived: bool = False,
    key: str = "",
) -> Appointment:
    """Book for a known patient or a new one; outside the openings too, never onto another appointment.

    ``kind`` is a value of ``Appointment.Type``. With ``overbook=True`` somebody is squeezed in: where nothing else is
    free, a lane for overbooking is taken. ``arrived``: who comes without an appointment stands at the desk already.

    Raises
    ------
    Invalid
        There is no such kind.
    NotFound
        The visit type is not there.
    NotBookable
        The patient's record is not there.
    SlotTaken, KeyReused
    """
    practice = PracticeId(keys.practice)
    if kind not in Appointment.Type.values:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="kind")
    chosen = visit_type_by_id(practice, visit_type)
    try:
        with acting_for(practice):

            def book() -> Result:
                if isinstance(who, UUID):
                    require_patient(practice, who)
                # Lanes before the trail, as in every verb: who has the trail's lock must not wait for a lane.
                made = _book(practice, chosen, start, resource, kind, overbook=overbook)
                patient = create_patient(keys, actor, who) if isinstance(who, Person) else who
                made.patient_id = patient
                if arrived:
                    made.status, made.arrived_at = Appointment.Status.ARRIVED, clock.now()
                made.save(force_insert=True)  # an occupancy's reference to it is checked when the transaction ends
                remember(practice, actor, UndoStep.Kind.BOOK, made)
                details: dict[str, str | int | bool | list[str]] = {"source": "desk", "overbooked": made.overbooked}
                record(practice, actor, "appointment.book", [made.id, patient], details)
                if isinstance(who, UUID) and not arrived:
                    keep_from_record(keys, actor, made)
                return {"appointment": str(made.id)}

            known = who if isinstance(who, UUID) else "new"
            result = once(
                practice, key, ("desk-book", visit_type, start, known, resource, kind, overbook, arrived), book
            )
            return appointment_by_id(practice, UUID(result["appointment"]))
    except SlotTaken:
        row = Practice.objects.get(id=practice)
        raise SlotTaken(alternatives(row, chosen, start, resource=resource), overbook=overbook) from None


def require_patient(practice: PracticeId, patient: UUID) -> None:
    """Raise ``NotBookable`` unless the record is there; until this transaction ends it is neither merged nor erased."""
    if not Patient.objects.select_for_update(no_key=True).filter(practice=practice, id=patient).values_list("id"):
        raise NotBookable(field="patient")


def _book(
    practice: PracticeId,
    visit_type: VisitType,
    start: datetime,
    resource: ResourceId | None,
    kind: str,
    *,
    overbook: bool,
) -> Appointment:
    appointment = Appointment(
        practice_id=practice,
        id=new_id(),
        visit_type=visit_type,
        starts_at=start,
        ends_at=start + timedelta(minutes=visit_type.duration_minutes),
        resource_ids=[],
        source=Appointment.Source.DESK,
        appointment_type=kind,
    )
    needs = candidate_lanes(
        practice, VisitTypeId(visit_type.id), start, resource=resource, inside_openings=False, overbook=overbook
    )
    appointment.resource_ids = occupy(practice, needs, span_of(visit_type, start), appointment=appointment.id)
    appointment.overbooked = overbook and is_overbooked(practice, appointment.id)
    return appointment
