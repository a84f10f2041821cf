"""Expand one resource's weekly rules, exceptions and the public holidays into openings. Pure: no database.

What wins, weakest first:

1. the weekly rules, in the local time of the practice, so that 08:00 stays 08:00 when the clocks change;
2. a public holiday switches a rule off for that day, unless the rule says ``on_holidays``;
3. a closure of the practice takes its span away;
4. extra hours open their span, on holidays and in closures too: somebody entered them for that very time;
5. an absence of the resource takes its span away, extra hours included: who is not there cannot treat.

Bounds that the clocks skip or show twice are settled in ``wall_clock.py``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sprechzeit.timetable.spans import Span, merged, within, without
from sprechzeit.timetable.wall_clock import closing_moment, opening_moment, start_of_day

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """Open on this weekday (0 is Monday) between two wall-clock times.

    ``closes`` of 00:00 is the end of the day. Both dates of the validity are included. Weeks are counted from
    the ISO week of ``valid_from``.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date
    valid_until: date | None = None
    every_weeks: int = 1
    on_holidays: bool = False


@dataclass(frozen=True)
class Exceptional:
    """A span in which the rules do not hold for this resource; a closure concerns all resources."""

    kind: Literal["absence", "extra", "closure"]
    during: Span


def expand(
    rules: Iterable[Rule],
    exceptions: Iterable[Exceptional],
    *,
    zone: ZoneInfo,
    since: date,
    until: date,
    holidays: Container[date],
) -> list[Span]:
    """The openings from the beginning of ``since`` to the beginning of ``until`` (local dates, half-open).

    Returns
    -------
    list[Span]
        In UTC, sorted; they neither overlap nor touch.
    """
    exceptions = list(exceptions)
    frame = Span(start_of_day(since, zone), start_of_day(until, zone))
    regular = [span for rule in rules for span in _of_rule(rule, zone, since, until, holidays)]
    left = without(regular, _of_kind(exceptions, "closure"))
    offered = merged([*left, *_of_kind(exceptions, "extra")])
    return within(without(offered, _of_kind(exceptions, "absence")), frame)


def holds_on(rule: Rule, day: date, holidays: Container[date]) -> bool:
    """Whether the rule opens on this local day."""
    if day.weekday() != rule.weekday or day < rule.valid_from:
        return False
    if rule.valid_until is not None and day > rule.valid_until:
        return False
    if (_monday(day) - _monday(rule.valid_from)).days // 7 % rule.every_weeks:
        return False
    return rule.on_holidays or day not in holidays


def by_day(spans: Iterable[Span], zone: ZoneInfo) -> Iterator[Span]:
    """The same spans cut at every local midnight, so that none is longer than one local day."""
    for span in spans:
        start = span.start
        while start < span.end:
            midnight = start_of_day(start.astimezone(zone).date() + DAY, zone)
            yield Span(start, min(midnight, span.end))
            start = midnight


def _of_rule(rule: Rule, zone: ZoneInfo, since: date, until: date, holidays: Container[date]) -> Iterator[Span]:
    day = since + timedelta(days=(rule.weekday - since.weekday()) % 7)
    while day < until:
        if holds_on(rule, day, holidays):
            yield Span(opening_moment(day, rule.opens, zone), closing_moment(day, rule.closes, zone))
        day += 7 * DAY


def _of_kind(exceptions: Iterable[Exceptional], kind: str) -> list[Span]:
    return [one.during for one in exceptions if one.kind == kind]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
