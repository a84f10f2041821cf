"""Found a practice and furnish it: locations, resources with their lanes, visit types with what they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.changed import tell_changed
from sprechzeit.practices.models import Lane, Location, Practice, Resource, VisitType, VisitTypeNeed
from sprechzeit.practices.postcodes import coordinates_of
from sprechzeit.practices.specialties import renew_specialties


def found_practice(*, slug: str, name: str, public_key: bytes, **more: Any) -> Practice:
    """Make the row of a new practice. Only the owner role of the database may (command line, host)."""
    latitude, longitude = coordinates_of(str(more.get("postal_code", ""))) or (None, None)
    where = {"latitude": latitude, "longitude": longitude}
    return Practice.objects.using("owner").create(slug=slug, name=name, public_key=public_key, **{**where, **more})


def add_location(practice: PracticeId, *, name: str, **more: Any) -> Location:
    """A new place of the practice."""
    with acting_for(practice):
        return Location.objects.create(practice_id=practice, name=name, **more)


def add_resource(
    practice: PracticeId, location: Location, *, kind: str, name: str, capacity: int = 1, **more: Any
) -> Resource:
    """A clinician, room or device, with one lane for each of its ``capacity`` places, and those for overbooking."""
    with acting_for(practice):
        resource = Resource.objects.create(
            practice_id=practice, location=location, kind=kind, name=name, capacity=capacity, **more
        )
        Lane.objects.bulk_create(
            Lane(practice_id=practice, resource=resource, number=number, overbooking=overbooking)
            for overbooking, count in ((False, capacity), (True, resource.overbooking))
            for number in range(1, count + 1)
        )
        if resource.specialty:
            renew_specialties(practice)
        return resource


def add_visit_type(
    practice: PracticeId, needs: Sequence[Sequence[ResourceId | int]], fields: Mapping[str, Any]
) -> VisitType:
    """A visit type. ``needs`` lists, for each need, the resources that can serve it; all needs are served at once."""
    with acting_for(practice):
        visit_type = VisitType.objects.create(practice_id=practice, **fields)
        VisitTypeNeed.objects.bulk_create(
            VisitTypeNeed(practice_id=practice, visit_type=visit_type, number=number, resource_id=resource)
            for number, alternatives in enumerate(needs, start=1)
            for resource in alternatives
        )
        tell_changed(practice)
        return visit_type
