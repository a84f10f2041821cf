"""A patient takes the own cancellation back: for ten minutes, while the time is still free."""

from __future__ import annotations

from datetime import datetime, timedelta

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, NotBookable, SlotTaken, UndoGone
from sprechzeit.booking.manage import Managed, managed, own_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.occupy import is_overbooked, occupy, span_of
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.quota import require_room
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.rules import require_offered
from sprechzeit.booking.tell import tell_put_back
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.availability import LaneCandidate, candidate_lanes, free_now
from sprechzeit.vault import Secret


@retrying
def undo_managed(practice: PracticeId, secret: Secret, *, start: datetime | None = None, key: str = "") -> Managed:
    """Book it again where it was, or at ``start`` when that was taken meanwhile. Not cancelled, nothing changes.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, KeyReused
    UndoGone
        It was not the patient who cancelled, or more than ten minutes ago.
    NotBookable
        ``start`` is not offered.
    SlotTaken
        Somebody else has the time; carries alternatives.
    """
    try:
        with acting_for(practice):
            found = own_appointment(practice, secret)

            def change() -> Result:
                if found.status == Appointment.Status.CANCELLED:
                    until = managed(found, found.visit_type).take_back_until
                    if until is None or clock.now() >= until:
                        raise UndoGone
                    _book_again(practice, found, start or found.starts_at)
                return {"appointment": str(found.id)}

            once(practice, key, ("undo-own", found.id, start), change)
            found = own_appointment(practice, secret)
            return managed(found, found.visit_type)
    except SlotTaken:
        row = Practice.objects.get(id=practice)
        raise SlotTaken(alternatives(row, found.visit_type, start or found.starts_at)) from None


def _book_again(practice: PracticeId, found: Appointment, start: datetime) -> None:
    row = Practice.objects.get(id=practice)
    is_same = start == found.starts_at
    if not is_same:
        require_offered(found.visit_type, start, clock.now(), with_code=True)
        if not free_now(practice, VisitTypeId(found.visit_type_id), start):
            raise SlotTaken
    try:
        require_room(row, found.visit_type, start, ignoring=found.id)
    except NotBookable:
        raise SlotTaken from None  # the last one of the day went to somebody else
    length = found.ends_at - found.starts_at if is_same else timedelta(minutes=found.visit_type.duration_minutes)
    minutes = length // timedelta(minutes=1)
    needs = _same_needs(practice, found, minutes) if is_same else _needs(practice, found, start)
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=found.version).update(
        version=found.version + 1,
        status=Appointment.Status.BOOKED,
        given_up_at=None,
        starts_at=start,
        ends_at=start + length,
        changed_at=clock.now(),
    )
    if not changed:
        raise ChangedMeanwhile
    taken = occupy(practice, needs, span_of(found.visit_type, start, minutes), appointment=found.id)
    overbooked = is_overbooked(practice, found.id)
    Appointment.objects.filter(practice=practice, id=found.id).update(resource_ids=taken, overbooked=overbooked)
    record(practice, Actor("patient"), "appointment.undo", [found.id], {"kind": "cancel"})
    tell_put_back(appointment_by_id(practice, found.id), was_cancelled=True)


def _needs(practice: PracticeId, found: Appointment, start: datetime) -> list[list[LaneCandidate]]:
    return candidate_lanes(practice, VisitTypeId(found.visit_type_id), start, ignoring=found.id)


def _same_needs(practice: PracticeId, found: Appointment, minutes: int) -> list[list[LaneCandidate]]:
    """With the same people and rooms. What the desk had put outside of the openings may go back there."""
    needs = candidate_lanes(
        practice,
        VisitTypeId(found.visit_type_id),
        found.starts_at,
        ignoring=found.id,
        inside_openings=found.source != Appointment.Source.DESK and not found.overbooked,
        minutes=minutes,
        overbook=found.overbooked,
    )
    same = {ResourceId(one) for one in found.resource_ids}
    return [[lane for lane in need if lane.resource_id in same] for need in needs]
