"""Where a visit type fits: over a span of time, at one start, and into which lanes. SQL makes the sets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.statements import fetch_planned
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId

Resources = tuple[tuple[ResourceId, ...], ...]


class Slot(NamedTuple):
    """A start at which a visit type fits, and who is free then.

    ``start`` and ``end`` are the visit itself in UTC, its buffers lie outside. ``resources`` has, for each
    need in the order of their numbers, the resources that are free for the whole time, sorted.
    """

    start: datetime
    end: datetime
    resources: Resources


@dataclass(frozen=True)
class LaneCandidate:
    """A lane that is free for a visit, and its resource."""

    resource_id: ResourceId
    lane_id: int


def _statement(name: str) -> str:
    """The SQL beside this file; its comments are for readers, not for the server."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


AVAILABILITY = _statement("availability.sql")
CANDIDATES = _statement("candidates.sql")
AT_ONCE = timedelta(microseconds=1)


def free_slots(
    practice: PracticeId,
    visit_type: VisitTypeId,
    since: datetime,
    until: datetime,
    *,
    resource: ResourceId | None = None,
    limit: int | None = None,
    ignoring: UUID | None = None,
) -> list[Slot]:
    """The free slots that start in ``[since, until)``, earliest first.

    Starts lie on the visit type's grid, counted from midnight on the practice's wall clock.

    Parameters
    ----------
    since, until
        Aware moments.
    resource
        Serves its need alone; one that serves none of the visit type's needs leaves no slot.
    limit
        At most so many.
    ignoring
        An appointment that does not stand in its own way, because it is to be moved.
    """
    return _fitting(practice, visit_type, since, until, None, resource, limit, ignoring)


def free_now(
    practice: PracticeId,
    visit_type: VisitTypeId,
    start: datetime,
    *,
    resource: ResourceId | None = None,
    ignoring: UUID | None = None,
    on_grid: bool = True,
) -> Slot | None:
    """The slot at exactly ``start``, or None when it is not free or not on the grid.

    With ``on_grid=False`` any start will do.
    """
    origin = None if on_grid else start
    found = _fitting(practice, visit_type, start, start + AT_ONCE, origin, resource, 1, ignoring)
    return found[0] if found else None


def candidate_lanes(
    practice: PracticeId,
    visit_type: VisitTypeId,
    start: datetime,
    *,
    resource: ResourceId | None = None,
    ignoring: UUID | None = None,
    inside_openings: bool = True,
    minutes: int | None = None,
    overbook: bool = False,
) -> list[list[LaneCandidate]]:
    """For each need, in the order of their numbers, the lanes that are free for a visit at ``start``.

    The least busy resource of that local day comes first, then by resource and lane number. A need that
    nobody can serve has an empty list. The start need not be on the grid. With ``inside_openings=False`` only
    what is taken counts, not the openings: the desk may book outside of them. ``minutes`` is the visit's own length
    where that is not its type's. With ``overbook=True`` lanes for overbooking come after all others.
    """
    rows = _rows(
        practice,
        CANDIDATES,
        {
            "visit_type": visit_type,
            "start": start,
            "asked": resource,
            "now": clock.now(),
            "ignoring": ignoring,
            "inside": inside_openings,
            "minutes": minutes,
            "overbook": overbook,
        },
    )
    needs: dict[int, list[LaneCandidate]] = {}
    for number, resource_id, lane_id in rows:
        lanes = needs.setdefault(number, [])
        if lane_id is not None:
            lanes.append(LaneCandidate(ResourceId(resource_id), lane_id))
    return list(needs.values())


def _fitting(
    practice: PracticeId,
    visit_type: VisitTypeId,
    since: datetime,
    until: datetime,
    origin: datetime | None,
    resource: ResourceId | None,
    limit: int | None,
    ignoring: UUID | None,
) -> list[Slot]:
    rows = _rows(
        practice,
        AVAILABILITY,
        {
            "visit_type": visit_type,
            "since": since,
            "until": until,
            "origin": origin,
            "asked": resource,
            "now": clock.now(),
            "ignoring": ignoring,
            "limit": limit,
        },
    )
    seen: dict[str, Resources] = {}  # most slots of an answer name the same resources
    return [Slot(start, end, seen.get(text) or seen.setdefault(text, _resources(text))) for start, end, text in rows]


def _rows(practice: PracticeId, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with acting_for(practice):
        if statement is AVAILABILITY:
            return fetch_planned(statement, values)
        with connections[current_alias()].cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())


def _resources(text: str) -> Resources:
    return tuple(tuple(ResourceId(number) for number in free) for free in json.loads(text))
