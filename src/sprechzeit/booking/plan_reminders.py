"""Plan reminders and follow-ups: those that fall due within the hour are put in as messages, each once.

Two statements for each practice, however many appointments it has (``due_reminders.sql``, ``reminders.sql``). Who is
reminded is asked again when the message leaves: whatever has changed in between silences it (``is_still_wanted``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.statements import fetch_planned, statement_beside
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message
from sprechzeit.messages.quiet import BEFORE_VISIT, after_quiet
from sprechzeit.practices.models import Practice

AHEAD = timedelta(hours=1)  # planned before it is due; the job comes more often
LONGEST_GRACE = timedelta(hours=12)  # that a reminder may be late when no worker ran; half of its hours at most
DAY = timedelta(days=1)
FOLLOW_UP_GRACE = timedelta(days=1)
DUE = statement_beside(__file__, "due_reminders.sql")
WANTED = statement_beside(__file__, "reminders.sql")
PUT_IN = f"""
    insert into message (
        id, practice_id, kind, channel, about, language, facts, kept, dedupe_key, due_at, state, attempts, reason,
        created_at
    )
    select gen_random_uuid(), %(practice)s, kind, channel, about, language,
        jsonb_build_object(
            'starts_at', to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
            'ends_at', to_char(ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
            'sequence', version - 1, 'hours', hours
        ) || case when told = '' then '{{}}' else jsonb_build_object('text', told) end,
        true, concat_ws('-', about || ':' || kind, extract(epoch from starts_at)::bigint, hours, channel), due_at,
        'waiting', 0, '', %(now)s
    from ({WANTED}) as wanted
    on conflict do nothing
"""  # noqa: S608 - our own statement within our own
Kind = Message.Kind


@dataclass(frozen=True)
class Moment:
    """A start (or, for a follow-up, an end) of appointments whose message is due at ``due_at``."""

    kind: str
    moment: datetime
    hours: int
    due_at: datetime


def plan_reminders(practice: Practice) -> int:
    """Put in what falls due within the hour, or was missed not too long ago; tell how many were new."""
    number = PracticeId(practice.id)
    now = clock.now()
    with acting_for(number):
        moments = _due(practice, now)
        if not moments:
            return 0
        with connections[current_alias()].cursor() as cursor:
            cursor.execute(PUT_IN, {**_asked(number, moments), "now": now})
            return int(cursor.rowcount)


def is_still_wanted(message: Message) -> bool:
    """Whether a reminder or follow-up that was planned still holds: the same time, status, consent and hours.

    Needs ``acting_for``.
    """
    facts = message.facts
    at = facts["starts_at"] if message.kind == Kind.REMINDER else facts["ends_at"]
    asked = Moment(message.kind, datetime.fromisoformat(at), int(facts["hours"]), message.due_at)
    found = fetch_planned(WANTED, {**_asked(PracticeId(message.practice_id), [asked]), "about": message.about})
    return any(channel == message.channel for _about, channel, *_rest in found)


def _due(practice: Practice, now: datetime) -> list[Moment]:
    """What is due within the hour once quiet hours have moved it, by a day at most and to either side."""
    window = {"practice": practice.id, "now": now, "first": now - FOLLOW_UP_GRACE - DAY, "last": now + AHEAD + DAY}
    found = [_moment(practice, *row) for row in fetch_planned(DUE, window)]
    return [one for one in found if now - _grace(one) < one.due_at <= now + AHEAD]


def _moment(practice: Practice, kind: str, moment: datetime, hours: int) -> Moment:
    span = timedelta(hours=hours)
    if kind == Kind.FOLLOW_UP:
        return Moment(kind, moment, hours, after_quiet(practice, moment + span))
    return Moment(kind, moment, hours, after_quiet(practice, moment - span, moment - BEFORE_VISIT))


def _grace(one: Moment) -> timedelta:
    if one.kind == Kind.FOLLOW_UP:
        return FOLLOW_UP_GRACE
    return min(timedelta(hours=one.hours) / 2, LONGEST_GRACE)


def _asked(practice: PracticeId, moments: Iterable[Moment]) -> dict[str, Any]:
    """The moments as ``reminders.sql`` takes them; an end is some hours after its start, within the day."""
    listed = list(moments)
    return {
        "practice": practice,
        "about": None,
        "kinds": [one.kind for one in listed],
        "moments": [one.moment for one in listed],
        "earliest": [one.moment - (DAY if one.kind == Kind.FOLLOW_UP else timedelta(0)) for one in listed],
        "hours": [one.hours for one in listed],
        "dues": [one.due_at for one in listed],
    }
