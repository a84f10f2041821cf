"""Cut the oldest events off, as the worker: the chain then begins at a checkpoint that its newest part vouches for."""

from __future__ import annotations

from django.db import connections

from sprechzeit.audit.pair import told_print
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.database.tenancy import current_alias
from sprechzeit.identifiers import PracticeId


def cut_trail(practice: PracticeId, keep_days: int) -> int:
    """Cut off what is older than ``keep_days``, the practice's own period and a year, and tell how many events.

    Needs ``acting_for``. Number and hash of the last one that went are written into the chain (``trail.cut``), so that
    the checkpoint cannot be moved without it.
    """
    print_before = told_print(practice)
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select number, hash, cut from cut_trail(%s, %s)", [practice, keep_days])
        row = cursor.fetchone()
    if row is None:
        return 0
    number, hash_, count = row
    record(practice, SYSTEM, "trail.cut", details={"number": number, "hash": bytes(hash_).hex(), "count": count})
    if print_before and told_print(practice) is None:  # what told it went: without this a swap would pass unnoticed
        record(practice, SYSTEM, "pair.carry", details={"fingerprint": print_before})
    return int(count)
