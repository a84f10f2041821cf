"""The invented calendars."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from random import Random

from sprechzeit.bench.calendar import KINDS, moment, visits

TODAY = date(2026, 3, 25)  # a Wednesday, four days before the clocks change


def test_it_gives_exactly_as_many_visits_as_asked() -> None:
    assert len(list(visits(Random(1), 1, TODAY, 777))) == 777


def test_the_visits_of_a_clinician_do_not_overlap() -> None:
    found = sorted(visits(Random(2), 0, TODAY, 2000))

    for (day, minute, kind), (next_day, next_minute, _) in pairwise(found):
        assert day < next_day or minute + KINDS[kind].minutes + KINDS[kind].after <= next_minute


def test_a_part_of_them_is_to_come_and_none_is_beyond_two_months() -> None:
    days = [day for day, _, _ in visits(Random(3), 0, TODAY, 2000)]

    assert sum(day >= TODAY for day in days) == 300
    assert (max(days) - TODAY).days < 60


def test_local_times_stay_across_the_change_of_the_clocks() -> None:
    assert datetime.fromisoformat(moment(date(2026, 3, 27), 480)).hour == 7
    assert datetime.fromisoformat(moment(date(2026, 3, 30), 480)).hour == 6
