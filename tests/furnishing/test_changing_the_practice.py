from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sprechzeit import clock
from sprechzeit.booking.affected import Affects
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.practice import STATES, ZONES, Profile, change_practice
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.holidays import public_holidays
from tests.booking.booked import book_by_phone, events
from tests.factories import Made, at, make_practice, make_visit_type
from tests.timetable.calendar import hours, open_weekly, openings, weekly

TODAY = date(2030, 3, 1)
WOMENS_DAY = date(2030, 3, 8)  # a Friday, a holiday in Berlin alone among these


@pytest.fixture(autouse=True)
def _in_march_2030():
    with clock.travelled(at(TODAY, 10) - clock.now()):
        yield


def profile(made: Made, **changed: object) -> Profile:
    row = Practice.objects.get(id=made.id)
    same = {name: getattr(row, name) for name in Profile.__dataclass_fields__}
    return replace(Profile(**same), **changed)


def change(made: Made, agreed: str = "", **changed: object) -> None:
    with wearing(Role.DESK):
        change_practice(made.id, made.actor, profile(made, **changed), agreed=agreed)


def test_another_state_has_other_holidays_at_once() -> None:
    made = make_practice(subdivision="BE")
    open_weekly(made, weekly(4))
    closed = hours(made, WOMENS_DAY)

    change(made, subdivision="BY")

    assert closed == []
    assert hours(made, WOMENS_DAY)


def test_appointments_on_a_new_holiday_are_listed_first_and_stay() -> None:
    made = make_practice(subdivision="BY")
    visit_type = make_visit_type(made)
    open_weekly(made, weekly(4))
    booked = book_by_phone(made, visit_type, at(WOMENS_DAY, 9))

    with pytest.raises(Affects) as refusal:
        change(made, subdivision="BE")

    assert [one.id for one in refusal.value.appointments] == [booked.id]
    assert Practice.objects.get(id=made.id).subdivision == "BY"
    assert hours(made, WOMENS_DAY)

    change(made, refusal.value.agreement, subdivision="BE")

    assert hours(made, WOMENS_DAY) == []
    assert [event.details for event in events(made, "settings.change")] == [{"fields": ["subdivision"]}]


def test_a_yes_to_other_appointments_is_no_yes() -> None:
    made = make_practice(subdivision="BY")
    visit_type = make_visit_type(made)
    open_weekly(made, weekly(4))
    book_by_phone(made, visit_type, at(WOMENS_DAY, 9))
    with pytest.raises(Affects) as refusal:
        change(made, subdivision="BE")
    book_by_phone(made, visit_type, at(WOMENS_DAY, 10))

    with pytest.raises(Affects) as again:
        change(made, refusal.value.agreement, subdivision="BE")

    assert len(again.value.appointments) == 2


def test_in_another_time_zone_eight_is_another_moment() -> None:
    made = make_practice()
    open_weekly(made, weekly(0))
    before = openings(made)[0][0]

    change(made, time_zone="Europe/London")

    assert (openings(made)[0][0] - before).total_seconds() == 3600


def test_what_is_not_in_the_lists_is_refused() -> None:
    made = make_practice()

    for field, value in (("subdivision", "XX"), ("subdivision", ""), ("time_zone", "Europe/Atlantis")):
        with pytest.raises(Invalid) as refusal:
            change(made, **{field: value})
        assert refusal.value.field == field

    assert events(made, "settings.change") == []


def test_saving_the_same_again_is_no_event() -> None:
    made = make_practice()

    change(made)

    assert events(made, "settings.change") == []


def test_every_state_has_holidays_and_every_zone_exists() -> None:
    assert len(STATES) == 16
    assert all(public_holidays(state, [2030]) for state in STATES)
    assert {"Europe/Berlin", "Europe/Vienna", "Europe/Zurich"} <= set(ZONES)
