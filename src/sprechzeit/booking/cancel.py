"""Cancel an appointment; its lanes are free in the same moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, TooLate, WrongStatus
from sprechzeit.booking.manage import Managed, managed, own_appointment
from sprechzeit.booking.models import Appointment, Occupancy, UndoStep
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.rules import changeable
from sprechzeit.booking.tell import tell_cancelled
from sprechzeit.booking.undo import LIFETIME, remember
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.vault import Secret


@retrying
def cancel_managed(practice: PracticeId, secret: Secret, *, key: str = "") -> Managed:
    """Cancel the patient's own appointment. Cancelling a cancelled one changes nothing and is no error.

    Raises
    ------
    AppointmentNotFound, TooLate, KeyReused
    ChangedMeanwhile
        Somebody else changed it in this same moment.
    """
    with acting_for(practice):
        found = own_appointment(practice, secret)

        def change() -> Result:
            if found.status != Appointment.Status.CANCELLED:
                if not changeable(found, found.visit_type, clock.now()):
                    raise TooLate
                cancel_now(practice, Actor("patient"), found, given_up_at=clock.now())
            return {"appointment": str(found.id)}

        once(practice, key, ("cancel", found.id), change)
        found = own_appointment(practice, secret)
        return managed(found, found.visit_type)


@retrying
def cancel_appointment(
    practice: PracticeId, actor: Actor, appointment: UUID, *, version: int, batch: UUID | None = None, key: str = ""
) -> Appointment:
    """Cancel any open appointment, at the desk. ``version`` is what the caller saw; one ``batch`` is undone together.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, WrongStatus, KeyReused
    """
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)

        def change() -> Result:
            if found.version != version:
                raise ChangedMeanwhile
            if not found.is_open:
                raise WrongStatus
            cancel_now(practice, actor, found)
            remember(practice, actor, UndoStep.Kind.CANCEL, found, batch=batch)
            return {"appointment": str(found.id)}

        once(practice, key, ("desk-cancel", appointment, version), change)
        return appointment_by_id(practice, appointment)


def cancel_now(practice: PracticeId, actor: Actor, found: Appointment, *, given_up_at: datetime | None = None) -> None:
    """Cancel without asking whether it may be; ``given_up_at`` where the patient may take it back.

    Needs ``acting_for``.

    Raises
    ------
    ChangedMeanwhile
    """
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=found.version).update(
        version=found.version + 1, status=Appointment.Status.CANCELLED, given_up_at=given_up_at, changed_at=clock.now()
    )  # fmt: skip  # lines grouped by hand
    if not changed:
        raise ChangedMeanwhile
    Occupancy.objects.filter(practice=practice, appointment=found.id).delete()
    record(practice, actor, "appointment.cancel", [found.id])
    can_undo = given_up_at is not None or actor.kind == "member"
    tell_cancelled(
        appointment_by_id(practice, found.id),
        by_practice=actor.kind != "patient",
        wait=LIFETIME if can_undo else timedelta(0),
    )
