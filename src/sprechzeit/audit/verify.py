"""Recompute the chain of the trail, outside of the database, and name its first break.

The hashes are made here and not by ``event_bytes``: who can change rows against the rules can also change that
function. A chain that was written anew as a whole is consistent in itself; only the heads anchored outside of the
database (``audit/head.py``) give it away, and so does a missing end.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from sprechzeit import clock
from sprechzeit.audit.head import Head
from sprechzeit.audit.models import Checkpoint
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId

START = hashlib.sha256(b"sprechzeit/v1/audit").digest()
SHORTEST = timedelta(days=365)  # no event goes before (cut_trail)
BATCH = 5_000
# The parts in the order of ``event_bytes``. One walk along the index audit_event_number.
EVENTS = """
    select number, (extract(epoch from at) * 1000000)::bigint::text, actor_kind, actor, address, action,
        array_to_string(subjects, ' '), details::text, previous, hash
    from audit_event where practice_id = %s order by number
"""


class BreakKind(StrEnum):
    """What is wrong with the first event that does not fit."""

    GAP = "gap"
    PREVIOUS = "previous"
    HASH = "hash"
    REWRITTEN = "rewritten"
    CUT = "cut"
    CUT_OFF = "cut-off"


@dataclass(frozen=True)
class Break:
    """The first break. ``number`` is the event's; of a gap and a missing end the first that is missing.

    Of a beginning that was cut off against the rules it is the last that is missing.
    """

    number: int
    kind: BreakKind


@dataclass(frozen=True)
class Verdict:
    """One practice's chain: how many events were read until its end or its first break, and in how many seconds."""

    practice: PracticeId
    count: int
    seconds: float
    broken: Break | None


def verify(practice: PracticeId, heads: Iterable[Head] = ()) -> Verdict:
    """Recompute one practice's chain, as the role ``worker`` or ``owner``.

    Parameters
    ----------
    heads
        What was anchored of this practice; each must still be in the chain.
    """
    begun = time.perf_counter()
    anchored: dict[int, set[str]] = {}
    heads = list(heads)
    for head in heads:
        anchored.setdefault(head.number, set()).add(head.hash)
    with acting_for(practice), connections[current_alias()].chunked_cursor() as cursor:
        cut = Checkpoint.objects.filter(practice=practice).first()
        count, before = (cut.number, bytes(cut.hash)) if cut else (0, START)
        broken = _wrongly_cut(cut, heads) if cut else None
        vouched = None
        cursor.execute(EVENTS, [practice])
        for number, *parts, previous, hash_ in _rows(cursor) if broken is None else ():
            broken = _first_wrong(practice, count + 1, before, number, parts, previous, hash_)
            if broken is None and anchored.pop(number, {hash_.hex()}) != {hash_.hex()}:
                broken = Break(number, BreakKind.REWRITTEN)
            if broken is not None:
                break
            vouched = parts[-1] if parts[4] == "trail.cut" else vouched
            count, before = number, hash_
    if broken is None and cut and not _vouches(vouched, cut):
        broken = Break(cut.number, BreakKind.CUT_OFF)
    anchored = {number: hashes for number, hashes in anchored.items() if cut is None or number > cut.number}
    if broken is None and anchored:  # what was not met is beyond the end
        broken = Break(count + 1, BreakKind.CUT)
    return Verdict(practice, count, time.perf_counter() - begun, broken)


def _wrongly_cut(cut: Checkpoint, heads: Iterable[Head]) -> Break | None:
    """What a head shows of the events before the checkpoint.

    A head that was anchored less than a year ago, of an event before the last that went, shows that the last one was
    younger than that: nothing so young may go.
    """
    young = clock.now() - SHORTEST
    for head in heads:
        if head.number < cut.number and head.at > young:
            return Break(cut.number, BreakKind.CUT_OFF)
        if head.number == cut.number and head.hash != bytes(cut.hash).hex():
            return Break(cut.number, BreakKind.REWRITTEN)
    return None


def _vouches(details: str | None, cut: Checkpoint) -> bool:
    """Whether the newest event about a cut tells of this checkpoint."""
    told = json.loads(details) if details else {}
    return (told.get("number"), told.get("hash")) == (cut.number, bytes(cut.hash).hex())


def _first_wrong(
    practice: int, expected: int, before: bytes, number: int, parts: list[str], previous: bytes, hash_: bytes
) -> Break | None:
    if number != expected:
        return Break(expected, BreakKind.GAP)
    if previous != before:
        return Break(number, BreakKind.PREVIOUS)
    if hash_ != hashlib.sha256(before + event_bytes(practice, number, parts)).digest():
        return Break(number, BreakKind.HASH)
    return None


def event_bytes(practice: int, number: int, parts: Iterable[str]) -> bytes:
    """What is hashed of an event: each part with its length in bytes before it."""
    return ",".join(f"{len(part.encode())}:{part}" for part in (str(practice), str(number), *parts)).encode()


def _rows(cursor: CursorWrapper) -> Iterator[tuple[Any, ...]]:
    """By a cursor on the server: a million events do not fit into memory."""
    while rows := cursor.fetchmany(BATCH):
        yield from rows
