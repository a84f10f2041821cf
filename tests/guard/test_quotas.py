"""Who opens more different patients than the work of an hour needs shows the passkey, and is stopped beyond that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.audit.record import Actor
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.errors import ProofForMore, UsedUp
from sprechzeit.guard.lift import begin_anew, lift, note_asked
from sprechzeit.guard.rules import Size, limits_of
from sprechzeit.guard.sketch import estimate, sketch
from sprechzeit.identifiers import new_id
from tests.factories import Made, make_practice
from tests.guard.watched import people, tell

FLOOR = limits_of(Size())


@pytest.fixture(autouse=True)
def limits_on() -> Iterator[None]:
    with override_settings(RATE_LIMITS=True):
        yield


def asked_and_proved(made: Made) -> None:
    with wearing(Role.DESK):
        note_asked(made.id, str(made.member))
        lift(made.id, str(made.member))


@pytest.mark.parametrize("count", [1, 20, 200, 600, 2000, 6000])
def test_the_sketch_is_right_within_five_per_cent(count: int) -> None:
    found = estimate(sketch(people(count)).count("1"))

    assert abs(found - count) <= max(1, 0.05 * count)


def test_the_same_patients_again_and_again_are_no_more_patients() -> None:
    made, known = make_practice(), people(FLOOR.opened_first * 9 // 10)

    for _ in range(30):
        tell(made, "patient.search", known)


def test_beyond_the_first_limit_the_passkey_is_asked_for_and_nothing_is_recorded() -> None:
    made = make_practice()
    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))

    with pytest.raises(ProofForMore):
        tell(made, "patient.search", people(FLOOR.opened_first * 2 // 10))

    with wearing(Role.DESK), acting_for(made.id):
        assert Event.objects.filter(practice=made.id, action="patient.search").count() == 1


def test_a_proof_from_before_it_was_asked_for_does_not_count() -> None:
    made = make_practice()
    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))
    with wearing(Role.DESK):
        lift(made.id, str(made.member))

    with pytest.raises(ProofForMore):
        tell(made, "patient.search", people(FLOOR.opened_first * 2 // 10))


def test_after_the_proof_it_goes_on_until_the_second_limit() -> None:
    made = make_practice()
    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))
    asked_and_proved(made)
    tell(made, "patient.search", people(FLOOR.opened_second - FLOOR.opened_first))

    with pytest.raises(UsedUp):
        tell(made, "patient.search", people(FLOOR.opened_first * 2 // 10))


def test_names_of_a_full_calendar_are_normal_work() -> None:
    made = make_practice()

    for _ in range(4):
        tell(made, "day.view", people(300))


def test_a_walk_through_the_calendar_is_stopped_too() -> None:
    made = make_practice()
    for _ in range(4):
        tell(made, "week.view", people(300))

    with pytest.raises(ProofForMore):
        tell(made, "week.view", people(600))


def test_an_hour_later_the_count_begins_at_nothing() -> None:
    made = make_practice()
    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))

    with clock.travelled(timedelta(minutes=80)):
        tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))


def test_within_any_hour_the_limit_holds_also_across_the_full_hour() -> None:
    made = make_practice()
    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))

    with clock.travelled(timedelta(minutes=59)), pytest.raises(ProofForMore):
        tell(made, "patient.search", people(FLOOR.opened_first * 2 // 10))


def test_each_member_has_an_own_count() -> None:
    made = make_practice()
    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))

    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10), actor=Actor("member", str(new_id())))


def test_a_program_is_not_asked_and_ends_at_the_second_limit() -> None:
    made, token = make_practice(), Actor("token", str(new_id()))
    tell(made, "patient.search", people(FLOOR.opened_second * 9 // 10), actor=token)

    with pytest.raises(UsedUp):
        tell(made, "patient.search", people(FLOOR.opened_second * 2 // 10), actor=token)


def test_an_owner_who_looked_into_it_lets_the_member_go_on() -> None:
    made = make_practice()
    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))
    with wearing(Role.DESK):
        begin_anew(made.id, str(made.member))

    tell(made, "patient.search", people(FLOOR.opened_first * 9 // 10))


@given(hour=st.integers(0, 10_000), day=st.integers(0, 100_000), week=st.integers(0, 1_000_000))
def test_no_limit_lies_beyond_what_the_sketch_can_tell_apart(hour: int, day: int, week: int) -> None:
    limits = limits_of(Size(hour, day, week))

    assert limits.opened_first < limits.opened_second <= 8_000
    assert limits.named_first < limits.named_second <= 8_000


def test_a_larger_practice_has_wider_limits_up_to_a_ceiling() -> None:
    small, large, huge = (limits_of(Size(hour, hour * 8, hour * 40)).opened_first for hour in (5, 30, 300))

    assert small == FLOOR.opened_first < large < huge == 600
