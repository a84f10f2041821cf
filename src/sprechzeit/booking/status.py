"""Mark an appointment arrived, in treatment, done or no-show, and take a mark back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, WrongStatus
from sprechzeit.booking.models import Appointment, UndoStep
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.undo import remember
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.models import Resource

S = Appointment.Status
LATE = timedelta(minutes=10)
STEPS: dict[str, frozenset[str]] = {
    S.BOOKED: frozenset({S.ARRIVED, S.NO_SHOW}),
    S.ARRIVED: frozenset({S.IN_TREATMENT, S.DONE, S.BOOKED, S.NO_SHOW}),
    S.IN_TREATMENT: frozenset({S.DONE, S.ARRIVED}),
    S.DONE: frozenset({S.ARRIVED}),
    S.NO_SHOW: frozenset({S.BOOKED, S.ARRIVED}),
    S.CANCELLED: frozenset(),
}


def is_late(appointment: Appointment, now: datetime) -> bool:
    """Not there ten minutes after the beginning."""
    return appointment.status == S.BOOKED and appointment.starts_at + LATE <= now


@retrying
def mark(
    practice: PracticeId,
    actor: Actor,
    appointment: UUID,
    status: str,
    *,
    version: int,
    room: ResourceId | None = None,
    key: str = "",
) -> Appointment:
    """Set the status; ``version`` is what the caller saw. Setting the present status changes nothing.

    ``room`` is where somebody is treated; it counts with "in treatment" only, and marking that again changes the room.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, WrongStatus, KeyReused
    NotFound
        The practice has no such room.
    """
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)

        def change() -> Result:
            if found.status != status or _is_another_room(found, room):
                _mark(practice, actor, found, status, version, room)
                remember(practice, actor, UndoStep.Kind.MARK, found)
            return {"appointment": str(found.id)}

        once(practice, key, ("mark", appointment, status, version, room), change)
        return appointment_by_id(practice, appointment)


def _mark(
    practice: PracticeId, actor: Actor, found: Appointment, status: str, version: int, room: ResourceId | None
) -> None:
    if found.version != version:
        raise ChangedMeanwhile
    if status not in STEPS[found.status] and status != found.status:
        raise WrongStatus
    changes: dict[str, object] = {"treated_in": None}
    if status == S.IN_TREATMENT and room is not None:
        changes["treated_in"] = _room(practice, room)
    if status == S.DONE:
        changes = {}  # where it was stays
    if status == S.BOOKED:
        changes["arrived_at"] = None
    elif found.arrived_at is None and status != S.NO_SHOW:
        changes["arrived_at"] = clock.now()
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=version).update(
        version=version + 1, status=status, changed_at=clock.now(), **changes
    )
    if not changed:
        raise ChangedMeanwhile
    record(practice, actor, "appointment.mark", [found.id], {"status": status})


def _is_another_room(found: Appointment, room: ResourceId | None) -> bool:
    return found.status == S.IN_TREATMENT and room is not None and room != found.treated_in_id


def _room(practice: PracticeId, room: ResourceId) -> int:
    found = Resource.objects.filter(practice=practice, id=room, kind=Resource.Kind.ROOM, retired_at__isnull=True)
    number = found.values_list("id", flat=True).first()
    if number is None:
        raise NotFound(_("Diesen Raum gibt es nicht."))
    return number
