"""What is usual of a member: the hours at which they work, and the devices and networks that they log in from."""

from __future__ import annotations

import ipaddress
from datetime import date, timedelta

from sprechzeit import clock
from sprechzeit.database.statements import fetch_planned, run_planned
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.rules import DEVICE, HOURS, MEMORY, NETWORK, hour_word, is_new_place, is_unusual
from sprechzeit.identifiers import PracticeId
from sprechzeit.origin import current_origin
from sprechzeit.practices.models import Practice

PLACES_KEPT = timedelta(days=90)
NOTE = """
    insert into habit as known (practice_id, reader, kind, value, days, first_day, last_day)
    values (%(practice)s::int8, %(reader)s::text, %(kind)s::text, %(value)s::text, 1, %(today)s::date, %(today)s::date)
    on conflict (practice_id, reader, kind, value) do update set
        days = known.days + case when known.last_day < excluded.last_day then 1 else 0 end,
        last_day = greatest(known.last_day, excluded.last_day)
"""
KNOWN = """
    select kind, value, days from habit
    where practice_id = %(practice)s::int8 and reader = %(reader)s::text
        and first_day < %(before)s::date and last_day >= %(since)s::date
"""


def note_hour(practice: PracticeId, kind: str, actor: str) -> None:
    """This member works at this hour; alarm when nobody would expect it. Called once in a quarter of an hour."""
    zone = Practice.objects.only("time_zone").get(id=practice).zone
    hour = hour_word(clock.now(), zone)
    today = clock.now().astimezone(zone).date()
    known = _known(practice, actor, before=today, since=today - MEMORY)
    days = next((days for what, _value, days in known if what == "day"), 0)
    if is_unusual(hour, [value for what, value, _days in known if what == "hour"], days):
        raise_alarm(HOURS.name, practice, cause=f"{actor} {today}", actor_kind=kind, actor=actor)
    _note(practice, actor, "day", "", today)
    _note(practice, actor, "hour", hour, today)


def note_place(practice: PracticeId, kind: str, actor: str) -> None:
    """This member logs in with this device, from this network; alarm when one of them is new."""
    today = clock.now().date()
    origin = current_origin()
    known = _known(practice, actor, before=today + timedelta(days=1), since=today - PLACES_KEPT)
    for what, value, rule in (
        ("device", origin.device, DEVICE),
        ("network", network_of(origin.address), NETWORK),
    ):
        if is_new_place(value, [one for noted, one, _days in known if noted == what]):
            raise_alarm(rule.name, practice, cause=f"{actor} {value}", actor_kind=kind, actor=actor)
        if value:
            _note(practice, actor, what, value, today)


def network_of(address: str) -> str:
    """The part of an address that stays the same at one provider; empty when there is none."""
    if not address:
        return ""
    length = 16 if ipaddress.ip_address(address).version == 4 else 32
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def _known(practice: PracticeId, actor: str, *, before: date, since: date) -> list[tuple[str, str, int]]:
    values = {"practice": practice, "reader": actor, "before": before, "since": since}
    return [(kind, value, days) for kind, value, days in fetch_planned(KNOWN, values)]


def _note(practice: PracticeId, actor: str, kind: str, value: str, today: date) -> None:
    values = {"practice": practice, "reader": actor, "kind": kind, "value": value[:60], "today": today}
    run_planned(NOTE, values)
