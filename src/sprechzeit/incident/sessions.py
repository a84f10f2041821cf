"""Which log-ins worked in a span, as the trail tells: one of them may be the stolen one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId

MOST = 100
SEEN = """
    select details ->> 'session', actor, min(at), max(at), count(*), array_agg(distinct address)
    from audit_event
    where practice_id = %(practice)s and at >= %(since)s and at < %(until)s and actor_kind = 'member'
      and details ? 'session'
    group by 1, 2 order by min(at) desc limit %(most)s
"""


@dataclass(frozen=True)
class SeenSession:
    """One log-in's work in the span: by which member, from where, how many events."""

    session: str
    actor: str
    first: datetime
    last: datetime
    events: int
    addresses: tuple[str, ...]


def sessions_between(practice: PracticeId, since: datetime, until: datetime) -> list[SeenSession]:
    """The newest 100, the newest first; as the role ``desk``."""
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        cursor.execute(SEEN, {"practice": practice, "since": since, "until": until, "most": MOST})
        return [
            SeenSession(session, actor, first, last, events, tuple(filter(None, addresses)))
            for session, actor, first, last, events, addresses in cursor.fetchall()
        ]
