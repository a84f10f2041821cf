from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.claims import Claims
from sprechzeit.booking.code import code_hash, new_code
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.offer import offered
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import BookingCode, Practice, VisitType
from tests.booking.at_once import all_at_once
from tests.booking.booked import rows
from tests.factories import Made, in_days, make_bookable, make_person, make_visit_type, type_id


@contextmanager
def refused(field: str) -> Iterator[None]:
    with pytest.raises(NotBookable) as refusal:
        yield
    assert refusal.value.field == field


def at(moment: datetime) -> AbstractContextManager[None]:
    return clock.travelled(moment - clock.now())


def set_practice(made: Made, **fields: object) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(**fields)


def take(made: Made, visit_type: VisitType, claims: Claims = Claims(), hour: int = 9, **person: object) -> Booked:  # noqa: B008 - frozen
    held = hold(made.id, type_id(visit_type), in_days(1, hour), claims=claims)
    return confirm(made.id, held.secret, make_person(**person), claims=claims)


def give_code(made: Made, visit_type: VisitType, **fields: object) -> str:
    code = new_code()
    with wearing(Role.DESK), acting_for(made.id):
        BookingCode.objects.create(
            practice_id=made.id, visit_type=visit_type, code_hash=code_hash(made.id, code), **fields
        )
    return code


@pytest.mark.parametrize(
    ("open_to", "accepts_new", "welcome", "refused_ones"),
    [
        ("all", True, [None, True, False], []),
        ("all", False, [False], [None, True]),
        ("new", True, [True], [None, False]),
        ("known", True, [False], [None, True]),
    ],
)
def test_new_and_known_patients(
    open_to: str, accepts_new: bool, welcome: list[bool | None], refused_ones: list[bool | None]
) -> None:
    made, visit_type = make_bookable(open_to=open_to, hours=(9, 18))
    set_practice(made, accepts_new=accepts_new)

    for is_new in refused_ones:
        with refused("is_new"):
            take(made, visit_type, Claims(is_new=is_new))
    for place, is_new in enumerate(welcome):
        take(made, visit_type, Claims(is_new=is_new), hour=10 + place)

    assert len(rows(made, Appointment)) == len(welcome)


def test_what_was_said_when_it_was_held_does_not_count_when_it_is_booked() -> None:
    made, visit_type = make_bookable(open_to="known")
    held = hold(made.id, type_id(visit_type), in_days(1, 9), claims=Claims(is_new=False))

    with refused("is_new"):
        confirm(made.id, held.secret, make_person(), claims=Claims(is_new=True))

    assert rows(made, Appointment) == []


@pytest.mark.parametrize(
    ("of_type", "of_practice", "accepted"),
    [
        ([], [], {"", "statutory", "private", "self"}),
        (["private", "self"], [], {"private", "self"}),
        ([], ["statutory"], {"statutory"}),
        (["private"], ["statutory", "private"], {"private"}),
        (["private"], ["statutory"], set()),
    ],
)
def test_how_it_is_paid_for(of_type: list[str], of_practice: list[str], accepted: set[str]) -> None:
    made, visit_type = make_bookable(insurances=of_type, hours=(9, 18))
    set_practice(made, insurances=of_practice)

    for place, insurance in enumerate(["", "statutory", "private", "self"]):
        if insurance in accepted:
            take(made, visit_type, Claims(insurance=insurance), hour=9 + place)
        else:
            with refused("insurance"):
                take(made, visit_type, Claims(insurance=insurance), hour=9 + place)

    assert len(rows(made, Appointment)) == len(accepted)


def birthday(years: int, days: int = 0) -> date:
    """Of somebody who turns so many years old on the day of the visit, ``days`` later."""
    visit = in_days(1).date()
    return visit.replace(year=visit.year - years) + timedelta(days=days)


@pytest.mark.parametrize(
    ("born", "welcome"),
    [
        (birthday(14), True),
        (birthday(14, 1), False),
        (birthday(18), True),
        (birthday(19, 1), True),
        (birthday(19), False),
        (None, False),
    ],
)
def test_the_age_on_the_day_of_the_visit_counts_and_both_limits_are_allowed(born: date | None, welcome: bool) -> None:
    made, visit_type = make_bookable(min_age=14, max_age=18)

    if welcome:
        take(made, visit_type, birth_date=born)
    else:
        with refused("birth_date"):
            take(made, visit_type, birth_date=born)

    assert len(rows(made, Appointment)) == welcome


def test_only_with_a_referral() -> None:
    made, visit_type = make_bookable(access="referral")

    with refused("has_referral"):
        take(made, visit_type)
    take(made, visit_type, Claims(has_referral=True))


def test_only_with_a_code_and_a_counted_one_only_so_often() -> None:
    made, visit_type = make_bookable(access="code", hours=(9, 18))
    code = give_code(made, visit_type, uses_left=1)

    for wrong in ("", "ABCD2345"):
        with refused("code"):
            take(made, visit_type, Claims(code=wrong))
    take(made, visit_type, Claims(code=f" {code[:4].lower()}-{code[4:]}"))

    with refused("code"):
        take(made, visit_type, Claims(code=code), hour=11)


def test_a_code_ends_with_its_last_day_and_opens_no_other_visit_type() -> None:
    made, visit_type = make_bookable(access="code")
    today = clock.now().astimezone(made.practice.zone).date()
    old = give_code(made, visit_type, valid_until=today - timedelta(days=1))
    of_another = give_code(made, make_visit_type(made), valid_until=today)
    good = give_code(made, visit_type, valid_until=today)

    for code in (old, of_another):
        with refused("code"):
            take(made, visit_type, Claims(code=code))
    take(made, visit_type, Claims(code=good))


def test_of_two_who_use_the_last_use_of_a_code_at_once_one_books() -> None:
    made, visit_type = make_bookable(access="code", clinicians=5)
    code = give_code(made, visit_type, uses_left=1)
    claims = Claims(code=code)
    held = [hold(made.id, type_id(visit_type), in_days(1, 9), claims=claims) for _ in range(5)]

    results, _ = all_at_once(
        [lambda one=one: confirm(made.id, one.secret, make_person(), claims=claims) for one in held]
    )

    assert sum(isinstance(one, Booked) for one in results) == 1
    assert {type(one) for one in results if not isinstance(one, Booked)} == {NotBookable}


def test_acute_times_are_released_so_many_hours_before() -> None:
    made, visit_type = make_bookable(released_hours=24, days=3)
    start = in_days(2, 9)

    def book() -> Booked:
        return confirm(made.id, hold(made.id, type_id(visit_type), start).secret, make_person())

    with at(start - timedelta(hours=24, minutes=1)), refused("start"):
        book()
    with at(start - timedelta(hours=23, minutes=59)):
        offer = offered(made.practice, visit_type, since=start.date(), days=7)
        book()

    assert [slot.start for day in offer.days for slot in day.slots] == [start]


def test_times_are_reserved_for_those_with_a_code_until_so_many_hours_before() -> None:
    made, visit_type = make_bookable(reserved_hours=12)
    claims = Claims(code=give_code(made, visit_type))
    start, later = in_days(2, 9), in_days(2, 10)

    with at(start - timedelta(hours=13)):
        free = offered(made.practice, visit_type, since=start.date(), days=7).days
        with_code = offered(made.practice, visit_type, since=start.date(), days=7, with_code=True).days
        with refused("code"):
            hold(made.id, type_id(visit_type), start)
        confirm(made.id, hold(made.id, type_id(visit_type), start, claims=claims).secret, make_person(), claims=claims)
    with at(later - timedelta(hours=11)):
        confirm(made.id, hold(made.id, type_id(visit_type), later).secret, make_person())

    assert not free
    assert with_code


def test_a_booking_that_the_practice_has_to_confirm_says_so() -> None:
    made, visit_type = make_bookable(needs_confirmation=True)

    take(made, visit_type)

    (row,) = rows(made, Appointment)
    assert (row.needs_confirmation, row.confirmed_at) == (True, None)
