"""Undo for ten minutes: what a member moved, cancelled or marked at the desk goes back to where it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, UndoGone
from sprechzeit.booking.models import Appointment, Occupancy, UndoStep
from sprechzeit.booking.occupy import occupy, span_of
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, VisitTypeId, new_id
from sprechzeit.timetable.availability import candidate_lanes

LIFETIME = timedelta(minutes=10)
Kind = UndoStep.Kind


def remember(practice: PracticeId, actor: Actor, kind: Kind, before: Appointment) -> None:
    """Keep what was there before a change that has just been made; only members undo. Needs ``acting_for``."""
    if actor.kind != "member":
        return
    UndoStep.objects.create(
        id=new_id(),
        practice_id=practice,
        member_id=UUID(actor.id),
        appointment_id=before.id,
        kind=kind,
        starts_at=before.starts_at,
        resource_ids=before.resource_ids,
        status=before.status,
        version=before.version + 1,
        created_at=clock.now(),
    )


def last_step(practice: PracticeId, actor: Actor) -> UndoStep | None:
    """What the member can still undo, the latest first."""
    if actor.kind != "member":
        return None
    with acting_for(practice):
        steps = UndoStep.objects.filter(practice=practice, member=UUID(actor.id), created_at__gt=clock.now() - LIFETIME)
        return steps.select_related("appointment").order_by("-created_at").first()


@retrying
def undo(practice: PracticeId, actor: Actor, step: UUID) -> Appointment:
    """Put the appointment back. Sent twice, the second finds nothing to undo.

    Raises
    ------
    UndoGone
        It is older than ten minutes, done already, or somebody else's.
    ChangedMeanwhile
        The appointment was changed again since.
    SlotTaken
        Somebody else has its old place.
    """
    with acting_for(practice):
        row = UndoStep.objects.select_for_update().filter(practice=practice, id=step).first()
        if row is None or str(row.member_id) != actor.id or row.created_at <= clock.now() - LIFETIME:
            raise UndoGone
        found = appointment_by_id(practice, row.appointment_id)
        length = found.ends_at - found.starts_at
        changed = Appointment.objects.filter(practice=practice, id=found.id, version=row.version).update(
            version=row.version + 1,
            starts_at=row.starts_at,
            ends_at=row.starts_at + length,
            resource_ids=row.resource_ids,
            status=row.status,
            changed_at=clock.now(),
        )
        if not changed:
            raise ChangedMeanwhile
        if row.kind != Kind.MARK:
            _take_back(practice, found, row.starts_at, set(row.resource_ids))
        UndoStep.objects.filter(practice=practice, id=row.id).delete()
        record(practice, actor, "appointment.undo", [found.id], {"kind": row.kind})
        return appointment_by_id(practice, found.id)


def _take_back(practice: PracticeId, found: Appointment, start: datetime, resources: set[int]) -> None:
    """The same resources as before, at the old start."""
    needs = candidate_lanes(practice, VisitTypeId(found.visit_type_id), start, ignoring=found.id, inside_openings=False)
    same = [[lane for lane in need if lane.resource_id in resources] for need in needs]
    Occupancy.objects.filter(practice=practice, appointment=found.id).delete()
    occupy(practice, same, span_of(found.visit_type, start), appointment=found.id)


def forget_steps(practice: PracticeId) -> int:
    """Delete what can no longer be undone; tell how many."""
    with acting_for(practice):
        deleted, _ = UndoStep.objects.filter(practice=practice, created_at__lte=clock.now() - LIFETIME).delete()
    return deleted
