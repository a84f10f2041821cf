"""What the trail is told is counted and judged here, in the same transaction: one statement for each event.

Called by ``audit/record.py`` alone. It costs one upsert and one look at four rows; what is refused is rolled back with
the transaction, so that who was stopped stays stopped until the hour is over or somebody lifts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.statements import fetch_planned
from sprechzeit.database.tenancy import current_role
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.errors import ProofForMore, UsedUp
from sprechzeit.guard.habits import note_hour, note_place
from sprechzeit.guard.reads import Work, work_of
from sprechzeit.guard.rules import (
    CANARY,
    PASSKEY,
    WINDOW,
    Limits,
    Size,
    Verdict,
    judge_reading,
    limits_of,
    work_rules_that_fire,
)
from sprechzeit.guard.sketch import estimate, sketch
from sprechzeit.identifiers import PracticeId

COUNT = """
with mine as (
    insert into work_count as counter (practice_id, reader, since, opened, named, changes, exports, failures)
    values (
        %(practice)s::int8, %(reader)s::text, %(since)s::timestamptz,
        %(opened)s::text::bit(4096), %(named)s::text::bit(4096),
        %(changes)s::int4, %(exports)s::int4, %(failures)s::int4
    )
    on conflict (practice_id, reader, since) do update set
        opened = counter.opened | excluded.opened,
        named = counter.named | excluded.named,
        changes = counter.changes + excluded.changes,
        exports = counter.exports + excluded.exports,
        failures = counter.failures + excluded.failures
    returning opened, named, changes, exports, failures, lifted, xmax = 0 as is_first
), hour as (
    select * from mine
    union all
    select opened, named, changes, exports, failures, lifted, false from work_count
    where practice_id = %(practice)s::int8 and reader = %(reader)s::text
        and since >= %(oldest)s::timestamptz and since < %(since)s::timestamptz
)
select bit_count(bit_or(opened)), bit_count(bit_or(named)), sum(changes)::int8, sum(exports)::int8,
    sum(failures)::int8, bool_or(lifted), bool_or(is_first),
    exists (
        select 1 from canary where practice_id = %(practice)s::int8 and subject = any(%(subjects)s::uuid[])
    ),
    (
        select array[opened_first, opened_second, named_first, named_second, changes]
        from work_limit where practice_id = %(practice)s::int8
    )
from hour
"""
READERS = frozenset({"member", "token", "visitor"})
PLACES = frozenset({"session.begin"})
PASSKEYS = frozenset({"passkey.add", "sheet.use"})


def watch(practice: PracticeId, kind: str, actor: str, action: str, subjects: Sequence[UUID]) -> None:
    """Count one event and judge it. ``kind`` and ``actor`` are the trail's; needs ``acting_for``.

    Raises
    ------
    ProofForMore, UsedUp
        Too many different patients: nothing may be shown, and the transaction is undone.
    """
    if current_role() is not Role.DESK:
        return
    if settings.RATE_LIMITS and action in PASSKEYS:
        raise_alarm(PASSKEY.name, practice, cause=action, actor_kind=kind, actor=actor)
    if kind not in READERS:
        return
    if settings.RATE_LIMITS and action in PLACES:
        note_place(practice, kind, actor)
    work = work_of(action, subjects)
    if work is None and action not in PLACES:
        return
    _count(practice, kind, actor, work or Work(), subjects)


def slice_of(moment: datetime) -> datetime:
    """The beginning of its quarter of an hour."""
    return moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)


def _count(practice: PracticeId, kind: str, actor: str, work: Work, subjects: Sequence[UUID]) -> None:
    since = slice_of(clock.now())
    touched = [*subjects, UUID(actor)] if kind in {"member", "token"} and actor else list(subjects)
    values = {
        "practice": practice,
        "reader": actor or kind,
        "since": since,
        "oldest": since - WINDOW,
        "opened": sketch(work.opened),
        "named": sketch(work.named),
        "changes": work.changes,
        "exports": work.exports,
        "failures": work.failures,
        "subjects": touched,
    }
    ((opened, named, changes, exports, failures, lifted, is_first, is_canary, learnt),) = fetch_planned(COUNT, values)
    if is_canary:
        raise_alarm(CANARY.name, practice, cause=actor, actor_kind=kind, actor=actor)
    if not settings.RATE_LIMITS:
        return
    limits = Limits(*learnt) if learnt else limits_of(Size())
    for rule in work_rules_that_fire(changes, exports, failures, limits):
        raise_alarm(rule.name, practice, cause=actor or kind, actor_kind=kind, actor=actor)
    if is_first and kind != "visitor":
        note_hour(practice, kind, actor)
    if work.opened or work.named:
        is_member = kind == "member"
        found = judge_reading(estimate(opened), estimate(named), lifted=lifted, can_prove=is_member, limits=limits)
        if found is Verdict.STOP:
            raise UsedUp
        if found is Verdict.ASK:
            raise ProofForMore
