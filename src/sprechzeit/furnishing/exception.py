"""Absences, extra hours and closures: whoever has an appointment inside is listed first."""

from __future__ import annotations

from sprechzeit.audit.record import Actor
from sprechzeit.booking.affected import coming, minding_appointments, require_agreed
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.schedule_exceptions import add_exception, remove_exception


@retrying
def enter_exception(
    practice: PracticeId,
    actor: Actor,
    exceptional: Exceptional,
    *,
    resource: ResourceId | None,
    label: str = "",
    agreed: str = "",
) -> None:
    """Enter one.

    Raises
    ------
    Invalid, NotFound
    Affects
        Appointments lie in the absence or closure.
    """
    with acting_for(practice):
        add_exception(practice, actor, exceptional, resource=resource, label=label)
        if exceptional.kind != "extra":
            require_agreed(coming(practice, resource=resource, during=exceptional.during), agreed)


@retrying
def withdraw_exception(practice: PracticeId, actor: Actor, exception: int, *, agreed: str = "") -> None:
    """Remove one.

    Raises
    ------
    NotFound
    Affects
        Appointments lie in the extra hours.
    """
    with acting_for(practice), minding_appointments(practice, agreed):
        remove_exception(practice, actor, exception)
