"""The order of resources and visit types: one step up or down."""

from __future__ import annotations

from typing import Literal

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.furnishing.resource import resource_by_id
from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Resource, VisitType

Step = Literal[-1, 1]


@retrying
def move_resource(practice: PracticeId, actor: Actor, resource: int, step: Step) -> None:
    """Change places with its neighbour of the same kind; at the end nothing changes.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        row = resource_by_id(practice, resource)
        mates = Resource.objects.filter(practice=practice, kind=row.kind, retired_at=None).order_by("position", "id")
        if places := _moved(list(mates.values_list("id", flat=True)), resource, step):
            for position, one in enumerate(places, start=1):
                Resource.objects.filter(practice=practice, id=one).update(position=position)
            record(practice, actor, "resource.order", details={"resource": resource})


@retrying
def move_visit_type(practice: PracticeId, actor: Actor, visit_type: int, step: Step) -> None:
    """Change places with its neighbour; at the end nothing changes.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        any_visit_type(practice, visit_type)
        mates = VisitType.objects.filter(practice=practice, retired_at=None).order_by("position", "id")
        if places := _moved(list(mates.values_list("id", flat=True)), visit_type, step):
            for position, one in enumerate(places, start=1):
                VisitType.objects.filter(practice=practice, id=one).update(position=position)
            record(practice, actor, "visit-type.order", details={"visit_type": visit_type})


def _moved(ids: list[int], one: int, step: Step) -> list[int]:
    """The new order; empty where nothing moves."""
    if one not in ids:
        return []
    here = ids.index(one)
    there = here + step
    if not 0 <= there < len(ids):
        return []
    ids[here], ids[there] = ids[there], ids[here]
    return ids
