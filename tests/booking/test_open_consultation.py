from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.audit.record import VISITOR
from sprechzeit.booking.errors import ChangedMeanwhile, NotBookable
from sprechzeit.booking.models import QueueNumber
from sprechzeit.booking.open_consultation import (
    NumberNotFound,
    call,
    consultation_of,
    draw,
    drawn,
    forget_numbers,
    give_back,
    numbers_of_today,
    turn_of,
)
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import Secret, new_link_secret
from tests.booking.at_once import all_at_once
from tests.booking.booked import events, rows
from tests.factories import Made, in_days, make_practice, make_visit_type, open_up

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """Openings end at midnight; whoever tests late in the evening is in tomorrow's noon."""
    with clock.travelled(in_days(1, 12) - clock.now()):
        yield


def open_now(*, clinicians: int = 1, minutes: int = 120, duration: int = 10) -> tuple[Made, VisitType]:
    """An open consultation that began a moment ago; never across midnight."""
    made = make_practice(clinicians=clinicians)
    visit_type = make_visit_type(made, walk_in=True, online=False, duration_minutes=duration)
    now = clock.now()
    for one in made.clinicians:
        open_up(made, one, now - 5 * MINUTE, now + minutes * MINUTE)
    return made, visit_type


def take(made: Made, visit_type: VisitType) -> Secret:
    secret = new_link_secret()
    draw(made.practice, visit_type, secret, actor=VISITOR)
    return secret


def test_numbers_are_drawn_in_order_and_tell_who_is_before_and_when() -> None:
    made, visit_type = open_now()

    first, second, third = (take(made, visit_type) for _ in range(3))

    assert [drawn(made.practice, one).number for one in (first, second, third)] == [1, 2, 3]
    assert [drawn(made.practice, one).before for one in (first, second, third)] == [0, 1, 2]
    turn = drawn(made.practice, third).turn
    assert turn is not None
    assert abs(turn - (clock.now() + 20 * MINUTE)) < MINUTE


def test_two_who_see_patients_side_by_side_halve_the_time() -> None:
    made, visit_type = open_now(clinicians=2)
    for _ in range(4):
        take(made, visit_type)

    turn = drawn(made.practice, take(made, visit_type)).turn

    assert turn is not None
    assert abs(turn - (clock.now() + 20 * MINUTE)) < MINUTE


def test_the_same_form_sent_twice_draws_once() -> None:
    made, visit_type = open_now()
    secret = new_link_secret()

    assert draw(made.practice, visit_type, secret, actor=VISITOR) == draw(
        made.practice, visit_type, secret, actor=VISITOR
    )
    assert len(rows(made, QueueNumber)) == 1


def test_of_twenty_at_once_each_has_a_number_of_its_own_without_gaps() -> None:
    made, visit_type = open_now(minutes=600)

    # Each thread has the test's clock too.
    all_at_once([partial(copy_context().run, take, made, visit_type) for _ in range(20)])

    assert sorted(one.number for one in rows(made, QueueNumber)) == list(range(1, 21))


def test_when_nobody_who_comes_now_would_be_seen_none_is_drawn() -> None:
    made, visit_type = open_now(minutes=25)
    for _ in range(3):
        take(made, visit_type)

    with pytest.raises(NotBookable):
        take(made, visit_type)

    assert consultation_of(made.practice, visit_type).next_turn is None


def test_without_hours_today_and_for_other_visit_types_none_is_drawn() -> None:
    made = make_practice()
    closed = make_visit_type(made, walk_in=True)
    ordinary = make_visit_type(made)

    for visit_type in (closed, ordinary):
        with pytest.raises(NotBookable):
            take(made, visit_type)


def test_who_gives_a_number_back_moves_the_others_up() -> None:
    made, visit_type = open_now()
    first, second = take(made, visit_type), take(made, visit_type)

    give_back(made.practice, first)
    give_back(made.practice, first)

    assert (drawn(made.practice, first).state, drawn(made.practice, second).before) == ("left", 0)
    assert len(events(made, "number.give-back")) == 1


def test_reception_calls_and_of_two_who_call_the_same_one_does() -> None:
    made, visit_type = open_now()
    secret = take(made, visit_type)
    with wearing(Role.DESK):
        (row,) = numbers_of_today(made.practice, visit_type)

    results, _ = all_at_once(
        [partial(call, made.id, made.actor, row.id, "called", seen="waiting") for _ in range(2)], role=Role.DESK
    )

    assert sorted(type(one) for one in results if one is not None) == [ChangedMeanwhile]
    assert drawn(made.practice, secret).state == "called"


def test_tomorrow_the_number_is_gone_and_the_worker_forgets_it() -> None:
    made, visit_type = open_now()
    secret = take(made, visit_type)

    with clock.travelled(timedelta(days=3)):
        with pytest.raises(NumberNotFound):
            drawn(made.practice, secret)
        with wearing(Role.WORKER):
            assert forget_numbers(made.id) == 1


def test_the_secret_of_another_practice_opens_nothing() -> None:
    made, visit_type = open_now()
    secret = take(made, visit_type)

    with pytest.raises(NumberNotFound):
        drawn(make_practice().practice, secret)


@given(before=st.integers(0, 60), at_once=st.integers(1, 4), minutes=st.integers(5, 40))
def test_pauses_are_no_work(before: int, at_once: int, minutes: int) -> None:
    now = clock.now()
    spans = ((now - 60 * MINUTE, now + 60 * MINUTE), (now + 120 * MINUTE, now + 300 * MINUTE))

    turn = turn_of(before, spans, at_once, minutes)

    assert turn == _by_minutes(before // at_once * minutes, spans, now, turn)


def _by_minutes(
    work: int, spans: tuple[tuple[datetime, datetime], ...], now: datetime, turn: datetime | None
) -> datetime | None:
    """Count the work minute by minute; a moment later than ``now`` only because the clock went on."""
    left = work
    for minute in range(300):
        at = now + minute * MINUTE
        if any(start <= at < end for start, end in spans):
            if left == 0:
                return turn if turn is not None and abs(turn - at) < MINUTE else at
            left -= 1
    return None
