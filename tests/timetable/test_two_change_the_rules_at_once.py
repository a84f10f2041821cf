from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.identifiers import ResourceId
from sprechzeit.timetable.materialise import rewrite_openings
from sprechzeit.timetable.rules import add_rule
from tests.booking.at_once import all_at_once
from tests.factories import BERLIN, Made, make_practice
from tests.timetable.calendar import hours, openings, weekly


def next_day(weekday: int) -> date:
    today = clock.now().astimezone(BERLIN).date()
    return today + timedelta(days=7 + (weekday - today.weekday()) % 7)


def adding(made: Made, weekday: int, opens: int, closes: int) -> Callable[[], object]:
    rule = weekly(weekday, opens, closes, on_holidays=True)
    return lambda: add_rule(made.id, made.actor, ResourceId(made.clinicians[0].id), rule)


def test_two_rules_at_once_both_open() -> None:
    made = make_practice()
    changes = [adding(made, 1, 8, 12), adding(made, 1, 14, 18)]

    results, _ = all_at_once(changes, role=Role.DESK)

    assert not [one for one in results if isinstance(one, Exception)]
    assert hours(made, next_day(1)) == [(time(8), time(12)), (time(14), time(18))]


def test_many_changes_at_once_leave_each_opening_once() -> None:
    made = make_practice()
    changes = [adding(made, weekday, 8, 12) for weekday in range(7)]
    changes += [lambda: rewrite_openings(made.id)] * 5

    results, _ = all_at_once(changes, role=Role.DESK)

    assert not [one for one in results if isinstance(one, Exception)]
    starts = [start for start, _ in openings(made)]
    assert len(starts) == len(set(starts)) == 400
    assert {start.weekday() for start in starts} == set(range(7))
