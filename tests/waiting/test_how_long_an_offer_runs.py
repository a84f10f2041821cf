from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.waiting.time_to_answer import LONGEST, SHORTEST, time_to_answer
from tests.factories import BERLIN


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "start", "until"),
    [
        (local(25, 9), local(25, 17), local(25, 11)),  # a quarter of eight hours
        (local(25, 9), local(25, 9, 40), local(25, 9, 15)),  # at least a quarter of an hour
        (local(25, 8), local(29, 9), local(25, 20)),  # at most twelve hours
        (local(25, 22), local(27, 9), local(26, 8)),  # a quarter would end at a quarter to seven
        (local(25, 23), local(26, 12), local(26, 8)),  # at night: until an hour after it
        (local(25, 18), local(26, 10), local(26, 8)),  # a quarter would end at ten in the evening
        (local(26, 5), local(26, 9), local(26, 6)),  # at night, but the visit is too near to wait
        (local(25, 9), local(25, 9, 10), local(25, 9, 10)),  # never beyond the start
    ],
)
def test_the_nearer_the_visit_the_shorter_the_time(now: datetime, start: datetime, until: datetime) -> None:
    assert now + time_to_answer(now, start, BERLIN) == until


@given(
    st.timedeltas(timedelta(0), timedelta(days=700)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=90)),
)
def test_it_never_passes_the_start_and_is_never_too_short(passed: timedelta, left: timedelta) -> None:
    now = local(1, 0).astimezone(UTC) + passed
    start = now + left

    time = time_to_answer(now, start, BERLIN)

    assert min(SHORTEST, left) <= time <= left
    assert time <= LONGEST + timedelta(hours=12)
