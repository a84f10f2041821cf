"""Retire resources and visit types, and bring them back. Nothing is deleted: history points at them."""

from __future__ import annotations

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.affected import coming, require_agreed
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.furnishing.resource import resource_by_id
from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.practices.changed import tell_changed
from sprechzeit.practices.models import Resource, VisitType
from sprechzeit.practices.specialties import renew_specialties
from sprechzeit.timetable.materialise import rewrite_openings


@retrying
def retire_resource(practice: PracticeId, actor: Actor, resource: int, *, agreed: str = "") -> None:
    """It is offered no more and its openings go; its appointments stay, for somebody to move.

    Raises
    ------
    NotFound
    Affects
        It has coming appointments.
    """
    with acting_for(practice):
        row = resource_by_id(practice, resource)
        if row.retired_at is not None:
            return
        # First the openings go, under their lock, then the appointments are counted.
        Resource.objects.filter(practice=practice, id=resource).update(retired_at=clock.now())
        renew_specialties(practice)
        rewrite_openings(practice, [ResourceId(resource)])
        require_agreed(coming(practice, resource=ResourceId(resource)), agreed)
        record(practice, actor, "resource.retire", details={"resource": resource})


@retrying
def return_resource(practice: PracticeId, actor: Actor, resource: int) -> None:
    """It is in use again, with the weekly hours that it had.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        row = resource_by_id(practice, resource)
        if row.retired_at is None:
            return
        Resource.objects.filter(practice=practice, id=resource).update(retired_at=None)
        renew_specialties(practice)
        rewrite_openings(practice, [ResourceId(resource)])
        record(practice, actor, "resource.return", details={"resource": resource})


@retrying
def retire_visit_type(practice: PracticeId, actor: Actor, visit_type: int, *, agreed: str = "") -> None:
    """It is booked no more; what was booked stays.

    Raises
    ------
    NotFound
    Affects
        It has coming appointments.
    """
    with acting_for(practice):
        row = any_visit_type(practice, visit_type)
        if row.retired_at is not None:
            return
        require_agreed(coming(practice, visit_type=VisitTypeId(visit_type)), agreed)
        VisitType.objects.filter(practice=practice, id=visit_type).update(retired_at=clock.now())
        tell_changed(practice)
        record(practice, actor, "visit-type.retire", details={"visit_type": visit_type})


@retrying
def return_visit_type(practice: PracticeId, actor: Actor, visit_type: int) -> None:
    """It is offered again.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        row = any_visit_type(practice, visit_type)
        if row.retired_at is None:
            return
        VisitType.objects.filter(practice=practice, id=visit_type).update(retired_at=None)
        tell_changed(practice)
        record(practice, actor, "visit-type.return", details={"visit_type": visit_type})
