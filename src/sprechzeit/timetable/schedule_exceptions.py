"""Enter and remove absences, extra hours and closures; openings follow in the same transaction.

Appointments in a span that is no longer open stay: booking lists them to be moved.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.materialise import rewrite_openings
from sprechzeit.timetable.models import ScheduleException
from sprechzeit.timetable.read import require_resource

LONGEST_LABEL = 80


@retrying
def add_exception(
    practice: PracticeId,
    actor: Actor,
    exceptional: Exceptional,
    *,
    resource: ResourceId | None = None,
    label: str = "",
) -> ScheduleException:
    """An absence or extra hours of ``resource``, or, without one, a closure of the whole practice.

    Raises
    ------
    Invalid
        The span is empty, the label is too long, or the resource does not go with the kind.
    NotFound
        The practice has no such resource in use.
    """
    _require_sound(exceptional, resource, label)
    with acting_for(practice):
        if resource is not None:
            require_resource(practice, resource)
        row = ScheduleException.objects.create(
            practice_id=practice,
            resource_id=resource,
            kind=exceptional.kind,
            during=(exceptional.during.start, exceptional.during.end),
            label=label,
        )
        rewrite_openings(practice, None if resource is None else [resource])
        record(practice, actor, "exception.add", details={"exception": row.id, "kind": exceptional.kind})
        return row


@retrying
def remove_exception(practice: PracticeId, actor: Actor, exception: int) -> None:
    """The rules hold in its span again, from today on; the past stays as it was.

    Raises
    ------
    NotFound
        The practice has no such exception.
    """
    with acting_for(practice):
        row = ScheduleException.objects.filter(practice=practice, id=exception).first()
        if row is None:
            raise NotFound(_("Diesen Eintrag gibt es hier nicht."))
        row.delete()
        rewrite_openings(practice, None if row.resource_id is None else [ResourceId(row.resource_id)])
        record(practice, actor, "exception.remove", details={"exception": exception, "kind": row.kind})


def _require_sound(exceptional: Exceptional, resource: ResourceId | None, label: str) -> None:
    if exceptional.during.end <= exceptional.during.start:
        raise Invalid(_("Das Ende muss nach dem Beginn liegen."), field="until")
    if (exceptional.kind == "closure") != (resource is None):
        raise Invalid(
            _("Eine Schließung gilt für die ganze Praxis, alles andere für eine Person oder Sache."),
            field="resource",
        )
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise Invalid(_("Bitte höchstens 80 Zeichen ohne Zeilenumbruch."), field="label")
