"""Book at the desk, for a patient whose record is there or for a new one, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.occupy import occupy, span_of
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.database.tenancy import acting_for, retrying
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
    key: str = "",
) -> Appointment:
    """Book for a known patient or a new one; outside the openings too, never onto another appointment.

    Raises
    ------
    NotFound
        The visit type is not there.
    NotBookable
        The patient's record is not there.
    SlotTaken, KeyReused
    """
    practice = PracticeId(keys.practice)
    chosen = visit_type_by_id(practice, visit_type)
    try:
        with acting_for(practice):

            def book() -> Result:
                if isinstance(who, UUID):
                    require_patient(practice, who)
                # Lanes before the trail, as in every verb: who has the trail's lock must not wait for a lane.
                made = _book(practice, chosen, start, resource)
                patient = create_patient(keys, actor, who) if isinstance(who, Person) else who
                Appointment.objects.filter(practice=practice, id=made).update(patient=patient)
                record(practice, actor, "appointment.book", [made, patient], {"source": "desk"})
                return {"appointment": str(made)}

            result = once(
                practice, key, ("desk-book", visit_type, start, who if isinstance(who, UUID) else "new", resource), book
            )
            return appointment_by_id(practice, UUID(result["appointment"]))
    except SlotTaken:
        row = Practice.objects.get(id=practice)
        raise SlotTaken(alternatives(row, chosen, start, resource=resource)) from None


def require_patient(practice: PracticeId, patient: UUID) -> None:
    """Raise ``NotBookable`` unless the record is there; until this transaction ends it is neither merged nor erased."""
    if not Patient.objects.select_for_update(no_key=True).filter(practice=practice, id=patient).values_list("id"):
        raise NotBookable(field="patient")


def _book(practice: PracticeId, visit_type: VisitType, start: datetime, resource: ResourceId | None) -> UUID:
    appointment = Appointment(
        practice_id=practice,
        id=new_id(),
        visit_type=visit_type,
        starts_at=start,
        ends_at=start + timedelta(minutes=visit_type.duration_minutes),
        resource_ids=[],
        source=Appointment.Source.DESK,
    )
    needs = candidate_lanes(practice, VisitTypeId(visit_type.id), start, resource=resource, inside_openings=False)
    appointment.resource_ids = occupy(practice, needs, span_of(visit_type, start), appointment=appointment.id)
    appointment.save(force_insert=True)  # an occupancy's reference to it is checked when the transaction ends
    return appointment.id
