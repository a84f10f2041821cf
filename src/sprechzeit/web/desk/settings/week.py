"""Where weekly rules stand on the week grid: seven columns, rows of five minutes from the first hour shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.utils.dates import WEEKDAYS

from sprechzeit.timetable.models import WeeklyRule

ROW = 5  # minutes
USUAL = (6, 21)  # hours shown


@dataclass(frozen=True)
class Block:
    """A rule on the grid. ``later`` and ``ends`` say that it does not hold yet, or not for ever."""

    rule: WeeklyRule
    row: int
    rows: int
    lane: int
    later: bool


@dataclass(frozen=True)
class WeekColumn:
    """One weekday, 0 is Monday."""

    weekday: int
    name: str
    blocks: tuple[Block, ...]
    lanes: int


@dataclass(frozen=True)
class Week:
    """``hours`` are (row, label); ``first`` is the hour at the top, ``rows`` how many rows there are."""

    columns: tuple[WeekColumn, ...]
    hours: tuple[tuple[int, str], ...]
    first: int
    rows: int


def week_of(rules: Iterable[WeeklyRule], today: date) -> Week:
    """All rules that hold now or later; those that overlap stand side by side."""
    rules = list(rules)
    first = min([USUAL[0], *(one.opens.hour for one in rules)])
    last = max([USUAL[1], *(-(-_end(one) // 60) for one in rules)])
    columns = []
    for weekday in range(7):
        blocks = _placed([one for one in rules if one.weekday == weekday], first * 60, today)
        lanes = max([1, *(block.lane for block in blocks)])
        columns.append(WeekColumn(weekday, str(WEEKDAYS[weekday]), tuple(blocks), min(lanes, 6)))
    hours = tuple(((hour - first) * 60 // ROW + 1, f"{hour:02}") for hour in range(first, last))
    return Week(tuple(columns), hours, first, (last - first) * 60 // ROW)


def _placed(rules: list[WeeklyRule], origin: int, today: date) -> list[Block]:
    ends: list[int] = []
    blocks = []
    for rule in sorted(rules, key=lambda one: (one.opens, one.valid_from, one.id)):
        start, end = _minutes(rule.opens), _end(rule)
        lane = next((number for number, taken in enumerate(ends) if taken <= start), len(ends))
        ends[lane : lane + 1] = [end]
        blocks.append(
            Block(rule, (start - origin) // ROW + 1, max(1, (end - start) // ROW), lane + 1, rule.valid_from > today)
        )
    return blocks


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _end(rule: WeeklyRule) -> int:
    return _minutes(rule.closes) or 24 * 60
