"""Places of the practice: add, change."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.found import add_location
from sprechzeit.practices.models import Location


@dataclass(frozen=True)
class Place:
    """Name and address of a location."""

    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""


def locations_of(practice: PracticeId) -> list[Location]:
    """All of them, in the order in which they were added."""
    with acting_for(practice):
        return list(Location.objects.filter(practice=practice).order_by("id"))


def location_by_id(practice: PracticeId, location: int) -> Location:
    """One location.

    Raises
    ------
    NotFound
        The practice has no such location.
    """
    with acting_for(practice):
        found = Location.objects.filter(practice=practice, id=location).first()
    if found is None:
        raise NotFound(_("Diesen Standort gibt es hier nicht."))
    return found


@retrying
def new_location(practice: PracticeId, actor: Actor, place: Place) -> Location:
    """Add a location."""
    with acting_for(practice):
        row = add_location(practice, **asdict(place))
        record(practice, actor, "location.add", details={"location": row.id})
        return row


@retrying
def change_location(practice: PracticeId, actor: Actor, location: int, place: Place) -> None:
    """Change name and address.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        row = location_by_id(practice, location)
        changed = {name: value for name, value in asdict(place).items() if getattr(row, name) != value}
        if changed:
            Location.objects.filter(practice=practice, id=location).update(**changed)
            record(practice, actor, "location.change", details={"location": location, "fields": sorted(changed)})
