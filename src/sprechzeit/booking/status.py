"""Mark an appointment arrived, in treatment, done or no-show, and take a mark back."""

from __future__ import annotations

from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, WrongStatus
from sprechzeit.booking.models import Appointment, UndoStep
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.undo import remember
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId

S = Appointment.Status
STEPS: dict[str, frozenset[str]] = {
    S.BOOKED: frozenset({S.ARRIVED, S.NO_SHOW}),
    S.ARRIVED: frozenset({S.IN_TREATMENT, S.DONE, S.BOOKED, S.NO_SHOW}),
    S.IN_TREATMENT: frozenset({S.DONE, S.ARRIVED}),
    S.DONE: frozenset({S.ARRIVED}),
    S.NO_SHOW: frozenset({S.BOOKED, S.ARRIVED}),
    S.CANCELLED: frozenset(),
}


@retrying
def mark(
    practice: PracticeId, actor: Actor, appointment: UUID, status: str, *, version: int, key: str = ""
) -> Appointment:
    """Set the status; ``version`` is what the caller saw. Setting the present status changes nothing.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, WrongStatus, KeyReused
    """
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)

        def change() -> Result:
            if found.status != status:
                _mark(practice, actor, found, status, version)
                remember(practice, actor, UndoStep.Kind.MARK, found)
            return {"appointment": str(found.id)}

        once(practice, key, ("mark", appointment, status, version), change)
        return appointment_by_id(practice, appointment)


def _mark(practice: PracticeId, actor: Actor, found: Appointment, status: str, version: int) -> None:
    if found.version != version:
        raise ChangedMeanwhile
    if status not in STEPS[found.status]:
        raise WrongStatus
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=version).update(
        version=version + 1, status=status, changed_at=clock.now()
    )
    if not changed:
        raise ChangedMeanwhile
    record(practice, actor, "appointment.mark", [found.id], {"status": status})
