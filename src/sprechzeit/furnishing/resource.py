"""Clinicians, rooms and devices: add, change."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.furnishing.lanes import set_lanes
from sprechzeit.furnishing.location import location_by_id
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.changed import tell_changed
from sprechzeit.practices.found import add_resource
from sprechzeit.practices.models import Resource
from sprechzeit.practices.specialties import renew_specialties

MOST_PLACES = 99
MOST_SQUEEZED = 9


@dataclass(frozen=True)
class Furniture:
    """What can be set of a resource; its kind stays."""

    name: str
    location_id: int
    short_name: str = ""
    specialty: str = ""
    capacity: int = 1
    overbooking: int = 1


def all_resources(practice: PracticeId) -> list[Resource]:
    """Those in use and the retired ones, in the calendar's order."""
    with acting_for(practice):
        found = Resource.objects.select_related("location").filter(practice=practice)
        return list(found.order_by("position", "id"))


def resource_by_id(practice: PracticeId, resource: int) -> Resource:
    """One resource, in use or retired.

    Raises
    ------
    NotFound
        The practice has no such resource.
    """
    with acting_for(practice):
        found = Resource.objects.select_related("location").filter(practice=practice, id=resource).first()
    if found is None:
        raise NotFound(_("Diese Person oder Sache gibt es hier nicht."))
    return found


@retrying
def new_resource(practice: PracticeId, actor: Actor, kind: str, furniture: Furniture) -> Resource:
    """Add one at the end of its kind.

    Raises
    ------
    Invalid
        The kind, the location or the number of places is none.
    """
    if kind not in Resource.Kind.values:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="kind")
    with acting_for(practice):
        _require_sound(practice, furniture)
        last = Resource.objects.filter(practice=practice, kind=kind).aggregate(last=Max("position"))["last"]
        fields = {name: value for name, value in asdict(furniture).items() if name != "location_id"}
        row = add_resource(
            practice, location_by_id(practice, furniture.location_id), kind=kind, position=(last or 0) + 1, **fields
        )
        record(practice, actor, "resource.add", details={"resource": row.id})
        return row


@retrying
def change_resource(practice: PracticeId, actor: Actor, resource: int, furniture: Furniture) -> None:
    """Change it; more places add lanes, fewer take the upper ones away.

    Raises
    ------
    Invalid, NotFound
    LanesTaken
        Somebody comes to one of the places that should go.
    """
    with acting_for(practice):
        row = resource_by_id(practice, resource)
        _require_sound(practice, furniture)
        changed = {name: value for name, value in asdict(furniture).items() if getattr(row, name) != value}
        if not changed:
            return
        if "capacity" in changed:
            set_lanes(practice, row, furniture.capacity)
        if "overbooking" in changed:
            set_lanes(practice, row, furniture.overbooking, overbooking=True)
        Resource.objects.filter(practice=practice, id=resource).update(**changed)
        if "specialty" in changed:
            renew_specialties(practice)
        if "capacity" in changed:
            tell_changed(practice)
        record(practice, actor, "resource.change", details={"resource": resource, "fields": sorted(changed)})


def _require_sound(practice: PracticeId, furniture: Furniture) -> None:
    try:
        location_by_id(practice, furniture.location_id)
    except NotFound as error:
        raise Invalid(error.message, field="location_id") from None
    if not 1 <= furniture.capacity <= MOST_PLACES:
        raise Invalid(_("Möglich sind 1 bis 99 Plätze."), field="capacity")
    if not 0 <= furniture.overbooking <= MOST_SQUEEZED:
        raise Invalid(_("Möglich sind 0 bis 9."), field="overbooking")
