"""Compute an incident's extent anew, perhaps for another span: more may have become known."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.begin import require_wanted
from sprechzeit.incident.concerned import Extent, Wanted
from sprechzeit.incident.extent import extent_of
from sprechzeit.incident.read import locked
from sprechzeit.incident.stored import to_values


@retrying
def compute_again(practice: PracticeId, actor: Actor, incident: UUID, wanted: Wanted, *, version: int) -> Extent:
    """What was computed before is replaced; the trail keeps when that was.

    Raises
    ------
    IncidentNotFound, IncidentChanged, IncidentClosed
    Invalid
    """
    wanted = require_wanted(wanted)
    with acting_for(practice):
        row = locked(practice, incident, version)
        found = extent_of(practice, wanted)
        row.happened_from, row.happened_until = wanted.since, wanted.until
        row.aware_at = max(row.aware_at, wanted.since)
        row.actors, row.sessions, row.networks = sorted(wanted.actors), sorted(wanted.sessions), list(wanted.networks)
        row.extent, row.version = to_values(found), row.version + 1
        row.save(
            update_fields=[
                "happened_from", "happened_until", "aware_at", "actors", "sessions", "networks", "extent", "version",
            ]
        )  # fmt: skip  # lines grouped by hand
        details = {"certain": len(found.certain), "possible": len(found.possible)}
        record(practice, actor, "incident.compute", [incident], details)
    return found
