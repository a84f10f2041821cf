"""Lengthen or shorten an appointment at the desk; its start stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, SlotTaken, WrongStatus
from sprechzeit.booking.models import Appointment, Occupancy, UndoStep
from sprechzeit.booking.occupy import is_overbooked, occupy, span_of
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.undo import remember
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.timetable.availability import candidate_lanes

SHORTEST, LONGEST = 5, 720  # minutes, as of a visit type
S = Appointment.Status
CAN_CHANGE = (S.BOOKED, S.ARRIVED, S.IN_TREATMENT)


@retrying
def resize_appointment(
    practice: PracticeId,
    actor: Actor,
    appointment: UUID,
    minutes: int,
    *,
    version: int,
    overbook: bool = False,
    key: str = "",
) -> Appointment:
    """Let the appointment last ``minutes`` (5 to 720) with the same resources. ``version`` is what the caller saw.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, KeyReused
    Invalid
        Too short or too long.
    WrongStatus
        It is over or cancelled.
    SlotTaken
        The next appointment is in the way.
    """
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(_("Möglich sind 5 Minuten bis 12 Stunden."), field="minutes")
    try:
        with acting_for(practice):
            return _change(practice, actor, appointment, minutes, version, key, overbook=overbook)
    except SlotTaken:
        taken = _("So lange geht es nicht: Danach ist schon jemand eingetragen.")
        raise SlotTaken(overbook=overbook, message="" if overbook else taken) from None


def _change(
    practice: PracticeId, actor: Actor, appointment: UUID, minutes: int, version: int, key: str, *, overbook: bool
) -> Appointment:
    found = appointment_by_id(practice, appointment)

    def change() -> Result:
        if found.version != version:
            raise ChangedMeanwhile
        if found.status not in CAN_CHANGE:
            raise WrongStatus
        _resize(practice, found, minutes, overbook=overbook or found.overbooked)
        record(practice, actor, "appointment.resize", [found.id], {"fields": ["ends_at"]})
        remember(practice, actor, UndoStep.Kind.RESIZE, found)
        return {"appointment": str(found.id)}

    once(practice, key, ("desk-resize", appointment, minutes, version, overbook), change)
    return appointment_by_id(practice, appointment)


def _resize(practice: PracticeId, found: Appointment, minutes: int, *, overbook: bool) -> None:
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=found.version).update(
        version=found.version + 1,
        ends_at=found.starts_at + timedelta(minutes=minutes),
        changed_at=clock.now(),
    )
    if not changed:
        raise ChangedMeanwhile
    needs = candidate_lanes(
        practice,
        VisitTypeId(found.visit_type_id),
        found.starts_at,
        ignoring=found.id,
        inside_openings=False,
        minutes=minutes,
        overbook=overbook,
    )
    same = [[lane for lane in need if lane.resource_id in found.resource_ids] for need in needs]
    if not all(same):
        raise SlotTaken
    Occupancy.objects.filter(practice=practice, appointment=found.id).delete()
    occupy(practice, same, span_of(found.visit_type, found.starts_at, minutes), appointment=found.id)
    squeezed = overbook and is_overbooked(practice, found.id)
    Appointment.objects.filter(practice=practice, id=found.id).update(overbooked=squeezed)
