"""What is due, over all practices: numbers only. Nothing else of the worker sees more than one practice at a time."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connections, transaction

from sprechzeit import clock
from sprechzeit.database.tenancy import current_alias
from sprechzeit.identifiers import PracticeId

# message_due_code and message_due, each read in its order. Codes come first: somebody sits before a page and waits.
DUE = """
    (select practice_id, id, channel from message
     where state = 'waiting' and kind = 'code' and due_at <= %(now)s
       and channel <> all(%(without)s) order by due_at limit %(count)s)
    union all
    (select practice_id, id, channel from message
     where state = 'waiting' and kind <> 'code' and due_at <= %(now)s
       and channel <> all(%(without)s) order by due_at limit %(count)s)
"""


def due(count: int, *, without: Collection[str] = ()) -> list[tuple[PracticeId, UUID, str]]:
    """The codes and the other messages that have waited longest, at most ``count`` of each, with their channel.

    ``without`` are channels that take nothing now: what waits for one does not keep the others' waiting.
    """
    alias = current_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("select set_config('sprechzeit.due', 'all', true)")  # lets the policy "due" show them
        cursor.execute(DUE, {"now": clock.now(), "count": count, "without": list(without)})
        return [(PracticeId(practice), message, channel) for practice, message, channel in cursor.fetchall()]
