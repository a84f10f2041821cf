"""Let a member go on who was asked for the passkey or stopped."""

from __future__ import annotations

from datetime import datetime

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.guard.rules import WINDOW
from sprechzeit.guard.sketch import NOBODY
from sprechzeit.guard.watch import slice_of
from sprechzeit.identifiers import PracticeId

ASK = """
    insert into work_count as counter (practice_id, reader, since, opened, named, changes, exports, failures, asks)
    values (%(practice)s, %(reader)s, %(since)s, %(nobody)s::bit(4096), %(nobody)s::bit(4096), 0, 0, 0, 1)
    on conflict (practice_id, reader, since) do update set asks = counter.asks + 1
    returning asks
"""
LIFT = """
    update work_count set lifted = true, asks = 0
    where practice_id = %(practice)s and reader = %(reader)s and since >= %(oldest)s and asks > 0
"""
FORGET = """
    update work_count set opened = %(nobody)s::bit(4096), named = %(nobody)s::bit(4096)
    where practice_id = %(practice)s and reader = %(reader)s
"""


def note_asked(practice: PracticeId, reader: str) -> int:
    """This member has been asked for the passkey: only a proof that comes after this lifts the first limit.

    Tells how often in this quarter of an hour it has been asked for in vain, this time included.
    """
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        cursor.execute(ASK, _values(practice, reader))
        return int(cursor.fetchone()[0])


def lift(practice: PracticeId, reader: str) -> None:
    """The passkey was shown. Nothing happens when nobody asked for it."""
    _run(LIFT, practice, reader)


def begin_anew(practice: PracticeId, reader: str) -> None:
    """An owner has looked into it: this member's count begins at nothing."""
    _run(FORGET, practice, reader)


def _run(statement: str, practice: PracticeId, reader: str) -> None:
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        cursor.execute(statement, _values(practice, reader))


def _values(practice: PracticeId, reader: str) -> dict[str, str | int | datetime]:
    since = slice_of(clock.now())
    return {"practice": practice, "reader": reader, "since": since, "oldest": since - WINDOW, "nobody": NOBODY}
