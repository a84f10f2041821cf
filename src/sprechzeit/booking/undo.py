"""Undo for ten minutes: what a member booked, moved, lengthened, cancelled or marked goes back to where it was."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, UndoGone
from sprechzeit.booking.models import Appointment, Occupancy, UndoStep
from sprechzeit.booking.occupy import occupy, span_of
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.tell import tell_put_back
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, VisitTypeId, new_id
from sprechzeit.timetable.availability import candidate_lanes

LIFETIME = timedelta(minutes=10)
Kind = UndoStep.Kind


def remember(practice: PracticeId, actor: Actor, kind: Kind, before: Appointment, *, batch: UUID | None = None) -> None:
    """Keep what was there before a change that has just been made; only members undo. Needs ``acting_for``.

    Of an appointment that has just been booked there was nothing before: undone, it is cancelled. Steps of one
    ``batch`` are undone together.
    """
    if actor.kind != "member":
        return
    is_new = kind == Kind.BOOK
    UndoStep.objects.create(
        id=new_id(),
        practice_id=practice,
        member_id=UUID(actor.id),
        appointment_id=before.id,
        kind=kind,
        batch=batch,
        starts_at=before.starts_at,
        ends_at=before.ends_at,
        resource_ids=before.resource_ids,
        status=Appointment.Status.CANCELLED if is_new else before.status,
        overbooked=before.overbooked,
        arrived_at=before.arrived_at,
        treated_in=before.treated_in_id,
        version=before.version if is_new else before.version + 1,
        created_at=clock.now(),
    )


def last_step(practice: PracticeId, actor: Actor) -> UndoStep | None:
    """What the member can still undo, the latest first."""
    if actor.kind != "member":
        return None
    with acting_for(practice):
        steps = UndoStep.objects.filter(practice=practice, member=UUID(actor.id), created_at__gt=clock.now() - LIFETIME)
        return steps.select_related("appointment").order_by("-created_at").first()


def batch_size(practice: PracticeId, step: UndoStep) -> int:
    """How many appointments go back with this step."""
    if step.batch is None:
        return 1
    with acting_for(practice):
        return UndoStep.objects.filter(practice=practice, batch=step.batch).count()


@retrying
def undo(practice: PracticeId, actor: Actor, step: UUID) -> Appointment:
    """Put the appointment back, and all others of the same batch. Sent twice, the second finds nothing to undo.

    Raises
    ------
    UndoGone
        It is older than ten minutes, done already, or somebody else's.
    ChangedMeanwhile
        An appointment was changed again since.
    SlotTaken
        Somebody else has an old place.
    """
    with acting_for(practice):
        row = UndoStep.objects.select_for_update().filter(practice=practice, id=step).first()
        if row is None or str(row.member_id) != actor.id or row.created_at <= clock.now() - LIFETIME:
            raise UndoGone
        rows = [row]
        if row.batch:
            rows = list(UndoStep.objects.select_for_update().filter(practice=practice, batch=row.batch).order_by("id"))
        back = [(one, _put_back(practice, one)) for one in rows]
        # Two passes: what was moved in one change may have taken each other's places.
        for one, found in back:
            if one.kind != Kind.MARK:
                Occupancy.objects.filter(practice=practice, appointment=found.id).delete()
        for one, found in back:
            if one.kind != Kind.MARK and one.status != Appointment.Status.CANCELLED:
                _take_back(practice, found, one)
        UndoStep.objects.filter(practice=practice, id__in=[one.id for one in rows]).delete()
        for one, found in back:
            if one.kind in {Kind.MOVE, Kind.CANCEL} and one.status != Appointment.Status.CANCELLED:
                now_again = appointment_by_id(practice, found.id)
                tell_put_back(now_again, was_cancelled=found.status == Appointment.Status.CANCELLED)
        record(practice, actor, "appointment.undo", [found.id for _, found in back], {"kind": row.kind})
        return appointment_by_id(practice, row.appointment_id)


def _put_back(practice: PracticeId, step: UndoStep) -> Appointment:
    """The row as it was; it is returned as it stood until now."""
    found = appointment_by_id(practice, step.appointment_id)
    changed = Appointment.objects.filter(practice=practice, id=found.id, version=step.version).update(
        version=step.version + 1,
        starts_at=step.starts_at,
        ends_at=step.ends_at,
        resource_ids=step.resource_ids,
        status=step.status,
        overbooked=step.overbooked,
        arrived_at=step.arrived_at,
        treated_in=step.treated_in,
        changed_at=clock.now(),
    )
    if not changed:
        raise ChangedMeanwhile
    return found


def _take_back(practice: PracticeId, found: Appointment, step: UndoStep) -> None:
    """The same resources as before, at the old start."""
    minutes = (step.ends_at - step.starts_at) // timedelta(minutes=1)
    needs = candidate_lanes(
        practice,
        VisitTypeId(found.visit_type_id),
        step.starts_at,
        ignoring=found.id,
        inside_openings=False,
        minutes=minutes,
        overbook=step.overbooked,
    )
    same = [[lane for lane in need if lane.resource_id in step.resource_ids] for need in needs]
    occupy(practice, same, span_of(found.visit_type, step.starts_at, minutes), appointment=found.id)


def forget_steps(practice: PracticeId) -> int:
    """Delete what can no longer be undone; tell how many."""
    with acting_for(practice):
        deleted, _ = UndoStep.objects.filter(practice=practice, created_at__lte=clock.now() - LIFETIME).delete()
    return deleted
