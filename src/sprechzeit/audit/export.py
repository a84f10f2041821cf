"""Take events out of the trail, in batches: a million of them do not fit into memory."""

from __future__ import annotations

from collections.abc import Iterator

from sprechzeit.audit.models import Event
from sprechzeit.audit.read import Wanted, events, matching
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.freeze import require_not_frozen
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

BATCH = 2_000


def begin_export(practice: Practice, actor: Actor, wanted: Wanted) -> int:
    """Record that these events are taken out, and tell before which number they end.

    Raises
    ------
    Frozen
    """
    number = PracticeId(practice.id)
    with acting_for(number):
        require_not_frozen(number)
        count = matching(practice, wanted).count()
        newest = events(practice, wanted, count=1)
        record(number, actor, "trail.export", sorted(wanted.subjects), {"count": count})
    return newest[0].number + 1 if newest else 0


def exported(practice: Practice, wanted: Wanted, before: int, *, batch: int = BATCH) -> Iterator[Event]:
    """The events, newest first. It may be read after the request has left its middleware, so it puts on its role
    itself, and never keeps it on between two events."""
    while True:
        with wearing(Role.DESK):
            found = events(practice, wanted, before=before, count=batch)
        yield from found
        if len(found) < batch:
            return
        before = found[-1].number
