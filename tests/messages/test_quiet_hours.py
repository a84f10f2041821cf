"""Nobody is reminded at night, by the wall clock of the practice, also in the nights in which it is changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.messages.quiet import BEFORE_VISIT, EARLIER, LONGEST, after_quiet, length_of
from sprechzeit.practices.models import Practice

BERLIN = ZoneInfo("Europe/Berlin")
quarters = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
changes = st.sampled_from([datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)])
moments = st.builds(lambda change, minutes: change + timedelta(minutes=minutes), changes, st.integers(-2880, 2880))
zones = st.sampled_from(["Europe/Berlin", "Europe/London", "Europe/Kyiv"])


def practice(begins: time = time(21), ends: time = time(7), zone: str = "Europe/Berlin") -> Practice:
    return Practice(quiet_from=begins, quiet_until=ends, time_zone=zone)


def local(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("due", "goes"),
    [
        (local(4, 20, 59), local(4, 20, 59)),
        (local(4, 21), local(5, 7)),
        (local(5, 3), local(5, 7)),
        (local(5, 7), local(5, 7)),
        (local(28, 3, 30, month=3), local(28, 7, month=3)),
    ],
)
def test_what_is_due_at_night_goes_in_the_morning(due: datetime, goes: datetime) -> None:
    assert after_quiet(practice(), due) == goes


def test_what_would_be_too_late_in_the_morning_goes_the_evening_before() -> None:
    visit = local(5, 8)

    assert after_quiet(practice(), local(5, 5), visit - BEFORE_VISIT) == local(4, 20, 30)


def test_hours_within_a_day_and_none_at_all() -> None:
    noon = practice(time(12), time(14))

    assert after_quiet(noon, local(5, 13)) == local(5, 14)
    assert after_quiet(noon, local(5, 23)) == local(5, 23)
    assert after_quiet(practice(time(12), time(12)), local(5, 12)) == local(5, 12)


@given(due=moments, begins=quarters, ends=quarters, zone=zones, notice=st.none() | st.integers(0, 48))
def test_it_never_falls_into_them_and_never_waits_longer_than_they_last(
    due: datetime, begins: time, ends: time, zone: str, notice: int | None
) -> None:
    if length_of(begins, ends) > LONGEST:
        begins, ends = ends, begins
    here = practice(begins, ends, zone)
    latest = due + timedelta(hours=notice) if notice is not None else None

    goes = after_quiet(here, due, latest)

    assert after_quiet(here, goes) == goes  # where it goes, no quiet hours are
    hour = timedelta(hours=1)  # of the change of the clocks
    assert due - LONGEST - EARLIER - hour <= goes <= due + LONGEST + hour
    assert latest is None or goes <= latest or goes == due
