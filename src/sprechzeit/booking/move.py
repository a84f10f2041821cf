"""Move an appointment: by the patient within the rules, by the desk wherever a lane is free."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, NotBookable, SlotTaken, TooLate
from sprechzeit.booking.manage import Managed, managed, own_appointment
from sprechzeit.booking.models import Appointment, Occupancy, UndoStep
from sprechzeit.booking.occupy import is_overbooked, occupy, span_of
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.quota import require_room
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.rules import changeable, require_offered
from sprechzeit.booking.tell import tell_moved
from sprechzeit.booking.undo import LIFETIME, remember
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.availability import candidate_lanes, free_now
from sprechzeit.vault import Secret


@retrying
def move_managed(
    practice: PracticeId, secret: Secret, start: datetime, *, resource: ResourceId | None = None, key: str = ""
) -> Managed:
    """Move the patient's own appointment to ``start``.

    Raises
    ------
    AppointmentNotFound, TooLate, NotBookable, SlotTaken, KeyReused
    ChangedMeanwhile
        Somebody else changed it in this same moment.
    """
    try:
        with acting_for(practice):
            found = own_appointment(practice, secret)

            def change() -> Result:
                if not changeable(found, found.visit_type, clock.now()):
                    raise TooLate
                row = Practice.objects.get(id=practice)
                # Whoever has been let in once stays in: no code is asked for again.
                require_offered(found.visit_type, start, clock.now(), with_code=True)
                require_room(row, found.visit_type, start, ignoring=found.id)
                type_id = VisitTypeId(found.visit_type_id)
                if not free_now(practice, type_id, start, resource=resource, ignoring=found.id):
                    raise SlotTaken
                _move(practice, Actor("patient"), found, start, resource, inside_openings=True)
                return {"appointment": str(found.id)}

            once(practice, key, ("move", found.id, start, resource), change)
            found = own_appointment(practice, secret)
            return managed(found, found.visit_type)
    except SlotTaken:
        raise _with_alternatives(practice, found, start, resource) from None


@retrying
def move_appointment(
    practice: PracticeId,
    actor: Actor,
    appointment: UUID,
    start: datetime,
    *,
    version: int,
    resource: ResourceId | None = None,
    prefer: Collection[ResourceId] = (),
    overbook: bool = False,
    batch: UUID | None = None,
    key: str = "",
) -> Appointment:
    """Move any open appointment, at the desk; outside the openings too, never onto another.

    ``version`` is what the caller saw. ``resource`` it must have, those of ``prefer`` it gets where they are free.
    With ``overbook=True`` it is squeezed in where nothing else is free. Moves of one ``batch`` are undone together.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, NotBookable, SlotTaken, KeyReused
    """
    try:
        with acting_for(practice):
            found = appointment_by_id(practice, appointment)

            def change() -> Result:
                if found.version != version:
                    raise ChangedMeanwhile
                if not found.is_open:
                    raise NotBookable
                _move(practice, actor, found, start, resource, inside_openings=False, overbook=overbook, prefer=prefer)
                remember(practice, actor, UndoStep.Kind.MOVE, found, batch=batch)
                return {"appointment": str(found.id)}

            once(practice, key, ("desk-move", appointment, start, resource, version, overbook), change)
            return appointment_by_id(practice, appointment)
    except SlotTaken:
        raise _with_alternatives(practice, found, start, resource, overbook=overbook) from None


def _move(
    practice: PracticeId,
    actor: Actor,
    found: Appointment,
    start: datetime,
    resource: ResourceId | None,
    *,
    inside_openings: bool,
    overbook: bool = False,
    prefer: Collection[ResourceId] = (),
) -> None:
    # Changing the row first makes a simultaneous change of the same appointment wait here and then fail.
    minutes = (found.ends_at - found.starts_at) // timedelta(minutes=1)
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=found.version).update(
        version=found.version + 1,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        changed_at=clock.now(),
        **({} if start == found.starts_at else {"patient_confirmed_at": None}),
    )
    if not changed:
        raise ChangedMeanwhile
    needs = candidate_lanes(
        practice,
        VisitTypeId(found.visit_type_id),
        start,
        resource=resource,
        ignoring=found.id,
        inside_openings=inside_openings,
        minutes=minutes,
        overbook=overbook,
    )
    needs = [sorted(lanes, key=lambda lane: lane.resource_id not in prefer) for lanes in needs] if prefer else needs
    Occupancy.objects.filter(practice=practice, appointment=found.id).delete()
    taken = occupy(practice, needs, span_of(found.visit_type, start, minutes), appointment=found.id)
    squeezed = overbook and is_overbooked(practice, found.id)
    Appointment.objects.filter(practice=practice, id=found.id).update(resource_ids=taken, overbooked=squeezed)
    record(practice, actor, "appointment.move", [found.id], {"fields": ["starts_at", "resource_ids"]})
    if start != found.starts_at:
        can_undo = actor.kind == "member"
        moved = appointment_by_id(practice, found.id)
        tell_moved(moved, by_practice=actor.kind != "patient", wait=LIFETIME if can_undo else timedelta(0))


def _with_alternatives(
    practice: PracticeId, found: Appointment, start: datetime, resource: ResourceId | None, *, overbook: bool = False
) -> SlotTaken:
    row = Practice.objects.get(id=practice)
    near = alternatives(row, found.visit_type, start, resource=resource, ignoring=found.id)
    return SlotTaken(near, overbook=overbook)
