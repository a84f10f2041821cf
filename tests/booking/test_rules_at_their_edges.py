from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.rules import change_until, changeable, earliest_start, latest_start, require_offered
from sprechzeit.practices.models import VisitType

NOW = datetime(2030, 3, 31, 0, 30, tzinfo=UTC)  # half an hour before the clocks change
TICK = timedelta(microseconds=1)


@contextmanager
def refused(word: str, field: str = "start") -> Iterator[None]:
    with pytest.raises(NotBookable) as refusal:
        yield
    assert word in refusal.value.message
    assert refusal.value.field == field


def make_type(**fields: int | bool | datetime) -> VisitType:
    return VisitType(**{"lead_minutes": 120, "horizon_days": 90, "change_until_minutes": 24 * 60, **fields})


def test_the_lead_time_is_enough_to_the_moment() -> None:
    visit_type = make_type()

    require_offered(visit_type, NOW + timedelta(hours=2), NOW)
    with refused("kurzfristig"):
        require_offered(visit_type, NOW + timedelta(hours=2) - TICK, NOW)


def test_without_a_lead_time_now_is_early_enough_and_the_past_is_not() -> None:
    visit_type = make_type(lead_minutes=0)

    require_offered(visit_type, NOW, NOW)
    with refused("Vergangenheit"):
        require_offered(visit_type, NOW - TICK, NOW)


def test_the_horizon_itself_is_too_far() -> None:
    visit_type = make_type()

    require_offered(visit_type, NOW + timedelta(days=90) - TICK, NOW)
    with refused("Voraus"):
        require_offered(visit_type, NOW + timedelta(days=90), NOW)


def test_what_is_not_online_or_retired_is_never_offered() -> None:
    for visit_type in (make_type(online=False), make_type(retired_at=NOW)):
        with refused("online", field="visit_type"):
            require_offered(visit_type, NOW + timedelta(days=1), NOW)


def test_a_patient_may_change_up_to_and_including_the_last_moment() -> None:
    visit_type = make_type()
    appointment = Appointment(starts_at=NOW + timedelta(hours=24))

    assert change_until(visit_type, appointment.starts_at) == NOW
    assert changeable(appointment, visit_type, NOW)
    assert not changeable(appointment, visit_type, NOW + TICK)


@pytest.mark.parametrize("status", [one for one in Appointment.Status if one != Appointment.Status.BOOKED])
def test_what_is_no_longer_to_come_cannot_be_changed(status: str) -> None:
    appointment = Appointment(starts_at=NOW + timedelta(days=30), status=status)

    assert not changeable(appointment, make_type(), NOW)


@given(lead=st.integers(0, 200_000), horizon=st.integers(0, 400), minutes=st.integers(-100, 600_000))
def test_what_is_taken_lies_between_lead_time_and_horizon(lead: int, horizon: int, minutes: int) -> None:
    visit_type = make_type(lead_minutes=lead, horizon_days=horizon)
    start = NOW + timedelta(minutes=minutes)

    try:
        require_offered(visit_type, start, NOW)
        taken = True
    except NotBookable:
        taken = False

    assert taken == (earliest_start(visit_type, NOW) <= start < latest_start(visit_type, NOW))
