"""A stolen session walks some patients while everybody works: exactly these are named, none missing, none more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.incident.actions import Category, Effect
from sprechzeit.incident.concerned import Extent, Why
from tests.incident.scraped import (
    ANYBODY,
    THIEF,
    WITH_VISIT,
    House,
    by_appointment,
    by_card,
    by_day,
    by_export,
    by_moving,
    by_search,
    extent,
    ids,
    make_house,
    walk,
)

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def begun(database: None) -> datetime:
    return clock.now() + timedelta(minutes=1)


@pytest.fixture(scope="module")
def house(begun: datetime) -> House:
    """From ``begun`` on: an hour of work, an hour with the thief in it, an hour of work."""
    house = make_house(patients=14, visits=7)
    for hour in range(3):
        start = begun + hour * HOUR
        for minute, number in enumerate((0, 5, 8, 13)):  # before, during and after: others at work
            walk(house, house.other, by_card, number, start + timedelta(minutes=3 + minute))
            walk(house, house.member, by_search, 12, start + timedelta(minutes=20 + minute))
        walk(house, house.member, by_day, 4, start + timedelta(minutes=30))
    stolen = begun + HOUR
    scraped = [(by_card, 1), (by_card, 9), (by_search, 2), (by_day, 3), (by_appointment, 0), (by_export, 10)]
    for minute, (way, number) in enumerate([*scraped, (by_moving, 6), (by_card, 1)]):
        walk(house, house.thief, way, number, stolen + timedelta(minutes=minute), address=THIEF)
        house.reached.add(house.patients[number])
    return house


def of_session(house: House, begun: datetime) -> Extent:
    return extent(house, begun, begun + 3 * HOUR, sessions=frozenset({house.thief.session}))


def test_by_its_session_exactly_those_whom_it_reached_are_certain(house: House, begun: datetime) -> None:
    found = of_session(house, begun)

    assert ids(found) == house.reached
    assert found.possible == ()
    assert found.excluded == ((Why.NOT_NAMED, 14 - len(house.reached)),)
    assert found.unknown == ()


def test_by_its_address_too(house: House, begun: datetime) -> None:
    found = extent(house, begun, begun + 3 * HOUR, networks=("203.0.113.0/24",))

    assert ids(found) == house.reached
    assert found.possible == ()


def test_by_the_member_also_their_own_work_is_named(house: House, begun: datetime) -> None:
    found = extent(house, begun, begun + 3 * HOUR, actors=frozenset({house.member.id}))

    assert ids(found) == house.reached | {house.patients[12], house.patients[4]}


def test_a_member_and_an_address_must_both_fit(house: House, begun: datetime) -> None:
    wanted = {"actors": frozenset({house.other.id}), "networks": (THIEF,)}

    found = extent(house, begun, begun + 3 * HOUR, **wanted)

    assert ids(found) == set()


def test_the_span_ends_before_its_end(house: House, begun: datetime) -> None:
    until = begun + HOUR + timedelta(minutes=3)  # the fourth look is at this very moment

    found = extent(house, begun, until, sessions=frozenset({house.thief.session}))

    assert ids(found) == {house.patients[number] for number in (1, 9, 2)}


def test_what_was_disclosed_and_what_was_done_is_told_of_each(house: House, begun: datetime) -> None:
    found = {one.id: one for one in of_session(house, begun).certain}

    searched, exported, moved = (found[house.patients[number]] for number in (2, 10, 6))
    assert searched.categories == {Category.NAME, Category.BIRTH_DATE, Category.CONTACT}
    assert exported.categories == set(Category)
    assert exported.effects == {Effect.EXPORTED}
    assert (moved.effects, moved.actions) == ({Effect.CHANGED}, (("appointment.move", 1),))
    assert dict(found[house.patients[1]].actions) == {"patient.view": 2}
    assert of_session(house, begun).visits_changed == 1


def test_of_each_patient_can_be_asked(house: House, begun: datetime) -> None:
    found = of_session(house, begun)

    assert found.verdict(house.patients[9]) == ("certain", ())
    assert found.verdict(house.patients[5]) == ("excluded", (Why.NOT_NAMED,))


def test_an_hour_without_the_thief_names_nobody(house: House, begun: datetime) -> None:
    found = extent(house, begun, begun + HOUR, sessions=frozenset({house.thief.session}))

    assert (found.certain, found.possible) == ((), ())


looks = st.lists(
    st.tuples(
        st.sampled_from(["thief", "member", "other"]),
        st.sampled_from([*ANYBODY, *WITH_VISIT]),
        st.integers(0, 5),
        st.integers(-30, 90),  # minutes from the beginning of the span, which lasts 60
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def random_house(database: None) -> House:
    return make_house(patients=9, visits=6)


@given(looks=looks)
@settings(max_examples=25)
def test_whatever_the_order_of_work_and_theft(random_house: House, looks: list[tuple[str, Any, int, int]]) -> None:
    house = random_house
    since = clock.now() + timedelta(days=_next_day())
    expected = set()
    for who, way, number, minute in looks:
        at = since + timedelta(minutes=minute)
        walk(house, getattr(house, who), way, number, at, address=THIEF if who == "thief" else "198.51.100.1")
        if who == "thief" and 0 <= minute < 60:
            expected.add(house.patients[number])

    found = extent(house, since, since + HOUR, sessions=frozenset({house.thief.session}))

    assert ids(found) == expected
    assert found.possible == ()
    assert sum(count for _, count in found.excluded) == 9 - len(expected)


_days = iter(range(10_000))


def _next_day() -> int:
    """Each example has a day of its own in the same practice; appointments lie in the past by then."""
    return 0 if (day := next(_days)) == 0 else -day
