from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.timetable.wall_clock import closing_moment, opening_moment, start_of_day
from tests.factories import BERLIN, at

SPRING = date(2030, 3, 31)  # 02:00 to 03:00 does not exist
AUTUMN = date(2030, 10, 27)  # 02:00 to 03:00 exists twice


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


@pytest.mark.parametrize("wall", [time(2), time(2, 30), time(2, 59)])
def test_a_time_that_does_not_exist_is_the_moment_of_the_change(wall: time) -> None:
    change = utc(SPRING, 1)

    assert opening_moment(SPRING, wall, BERLIN) == change
    assert closing_moment(SPRING, wall, BERLIN) == change


def test_what_opens_and_closes_within_the_missing_hour_is_not_open_at_all() -> None:
    opens, closes = opening_moment(SPRING, time(2, 10), BERLIN), closing_moment(SPRING, time(2, 50), BERLIN)

    assert opens == closes


def test_a_time_that_exists_twice_opens_at_the_first_and_closes_at_the_second() -> None:
    assert opening_moment(AUTUMN, time(2, 30), BERLIN) == utc(AUTUMN, 0, 30)
    assert closing_moment(AUTUMN, time(2, 30), BERLIN) == utc(AUTUMN, 1, 30)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2030, 6, 1), 24)])
def test_a_day_has_as_many_hours_as_the_clocks_leave_it(day: date, hours: int) -> None:
    begin = start_of_day(day, BERLIN)

    assert closing_moment(day, time(), BERLIN) - begin == timedelta(hours=hours)
    assert start_of_day(day + timedelta(days=1), BERLIN) - begin == timedelta(hours=hours)


def test_eight_in_the_morning_is_another_moment_in_summer() -> None:
    days = (SPRING - timedelta(days=1), SPRING, AUTUMN - timedelta(days=1), AUTUMN)

    assert [opening_moment(day, time(8), BERLIN).hour for day in days] == [7, 6, 6, 7]


def test_a_day_whose_midnight_is_skipped_begins_at_the_change() -> None:
    havana = ZoneInfo("America/Havana")

    begin = start_of_day(date(2026, 3, 8), havana)

    assert begin.astimezone(havana).time() == time(1)
    assert (begin - timedelta(seconds=1)).astimezone(havana).date() == date(2026, 3, 7)


@given(
    day=st.dates(date(2020, 1, 1), date(2040, 12, 31)), wall=st.times().map(lambda wall: wall.replace(microsecond=0))
)
def test_a_time_that_exists_once_is_that_very_moment(day: date, wall: time) -> None:
    moments = (
        {opening_moment(day, wall, BERLIN), closing_moment(day, wall, BERLIN)}
        if wall != time()
        else {start_of_day(day, BERLIN)}
    )

    shown = {moment.astimezone(BERLIN) for moment in moments}
    exists = [utc(day, 0) + timedelta(hours=n) for n in (-1, -2)]
    seconds = timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second)
    reading = {base + seconds for base in exists if (base + seconds).astimezone(BERLIN).time() == wall}
    if len(reading) == 1:
        assert moments == reading
        assert {moment.time() for moment in shown} == {wall}
    else:
        assert (day.month, wall.hour) in {(3, 2), (10, 2)}


def test_the_factories_mean_the_same_moments() -> None:
    assert at(SPRING, 8) == opening_moment(SPRING, time(8), BERLIN)
