from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sprechzeit import clock
from sprechzeit.booking.offer import Offer, alternatives, offered
from sprechzeit.booking.suggest import suggest
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import VisitType
from tests.booking.booked import book_online
from tests.factories import BERLIN, Made, at, in_days, make_bookable, make_practice, make_visit_type, open_up, type_id


def day(days: int) -> date:
    return in_days(days).astimezone(BERLIN).date()


def shown(made: Made, visit_type: VisitType, since: date | None = None, days: int = 5, **more: Any) -> Offer:
    return offered(made.practice, visit_type, since=since, days=days, **more)


def days_of(offer: Offer) -> list[date]:
    return [one.day for one in offer.days]


def make_open_on(*days: int, **fields: Any) -> tuple[Made, VisitType]:
    made = make_practice()
    for number in days:
        open_up(made, made.clinicians[0], in_days(number, 9), in_days(number, 10))
    return made, make_visit_type(made, **fields)


def test_days_with_slots_are_offered_however_far_apart() -> None:
    made, visit_type = make_open_on(1, 20, 21, 200)

    offer = shown(made, visit_type)

    assert days_of(offer) == [day(1), day(20), day(21), day(200)]
    assert [slot.start for slot in offer.days[0].slots] == [in_days(1, 9), in_days(1, 9, 30)]
    assert offer.more_from is None


def test_more_begins_with_the_next_day_that_has_slots() -> None:
    made, visit_type = make_open_on(1, 2, 30, 31)

    first = shown(made, visit_type, days=2)
    second = shown(made, visit_type, since=first.more_from, days=2)

    assert (days_of(first), first.more_from) == ([day(1), day(2)], day(30))
    assert (days_of(second), second.more_from) == ([day(30), day(31)], None)


def test_nothing_at_or_beyond_the_horizon_is_offered() -> None:
    made, visit_type = make_open_on(1, 9, 10, 11, horizon_days=10)

    with clock.travelled(in_days(0, 9, 29) - clock.now()):
        offer = shown(made, visit_type)
        last = offer.days[-1].slots

    assert days_of(offer) == [day(1), day(9), day(10)]
    assert [slot.start for slot in last] == [in_days(10, 9)]
    assert offer.more_from is None


def test_a_day_beyond_the_horizon_offers_nothing() -> None:
    made, visit_type = make_open_on(1, 20, horizon_days=10)

    assert shown(made, visit_type, since=day(11)) == Offer((), None)


def test_a_day_that_is_over_is_not_offered_again() -> None:
    made, visit_type = make_open_on(0, 1)

    with clock.travelled(in_days(0, 23) - clock.now()):
        assert days_of(shown(made, visit_type, since=day(-3))) == [day(1)]


def test_the_lead_time_counts_to_the_minute() -> None:
    made, visit_type = make_open_on(1, lead_minutes=60)

    with clock.travelled(in_days(1, 8, 29) - clock.now()):
        (offered_day,) = shown(made, visit_type).days

    assert [slot.start for slot in offered_day.slots] == [in_days(1, 9, 30)]


def test_a_day_full_of_appointments_is_not_offered() -> None:
    made, visit_type = make_open_on(1, 2)
    for minute in (0, 30):
        book_online(made, visit_type, in_days(1, 9, minute))

    assert days_of(shown(made, visit_type)) == [day(2)]


def test_only_the_clinician_asked_for_is_offered() -> None:
    made, visit_type = make_bookable(clinicians=2, days=1)
    wanted = ResourceId(made.clinicians[1].id)

    offer = shown(made, visit_type, resource=wanted)

    assert {slot.resources for slot in offer.days[0].slots} == {((wanted,),)}


def test_days_around_a_clock_change_are_whole() -> None:
    change = date(2030, 10, 27)
    made = make_practice()
    open_up(made, made.clinicians[0], at(change, 0), at(change + timedelta(days=1), 0))
    visit_type = make_visit_type(made)

    with clock.travelled(at(change - timedelta(days=14), 12) - clock.now()):
        offer = shown(made, visit_type)

    assert days_of(offer) == [change]
    assert len(offer.days[0].slots) == 50


def test_alternatives_are_the_nearest_in_order_of_time() -> None:
    made, visit_type = make_bookable(days=3)

    found = alternatives(made.practice, visit_type, in_days(2, 9), count=4)

    starts = [slot.start for slot in found]
    assert starts == [in_days(2, 9), in_days(2, 9, 30), in_days(2, 10), in_days(2, 10, 30)]


def test_alternatives_keep_to_lead_time_and_horizon() -> None:
    made, visit_type = make_open_on(1, 3, 10, horizon_days=5, lead_minutes=2 * 24 * 60)

    found = alternatives(made.practice, visit_type, in_days(3, 9))

    assert {slot.start for slot in found} == {in_days(3, 9), in_days(3, 9, 30)}
    assert alternatives(made.practice, visit_type, in_days(30, 9)) == ()


def test_the_desk_is_told_the_next_free_times_with_no_lead_time_or_horizon() -> None:
    made, visit_type = make_open_on(1, 40, 80, lead_minutes=10_000, horizon_days=1, online=False)

    found = suggest(made.id, type_id(visit_type), in_days(1, 9, 1))

    assert [slot.start for slot in found] == [
        in_days(1, 9, 30), in_days(40, 9), in_days(40, 9, 30), in_days(80, 9), in_days(80, 9, 30)
    ]  # fmt: skip  # lines grouped by hand


def test_the_desk_is_told_so_many_times_as_it_asks_for() -> None:
    made, visit_type = make_open_on(1, 9, 17)

    assert len(suggest(made.id, type_id(visit_type), in_days(0), count=3)) == 3
    assert suggest(made.id, type_id(visit_type), in_days(0), count=0) == []
    assert suggest(made.id, type_id(visit_type), in_days(18)) == []


def test_the_desk_is_told_times_up_to_twelve_weeks_ahead() -> None:
    made, visit_type = make_open_on(83, 85)

    assert {slot.start for slot in suggest(made.id, type_id(visit_type), in_days(0))} == {
        in_days(83, 9),
        in_days(83, 9, 30),
    }


def test_an_appointment_that_is_to_be_moved_does_not_stand_in_its_own_way() -> None:
    made, visit_type = make_open_on(1)
    booked = book_online(made, visit_type, in_days(1, 9))

    found = suggest(made.id, type_id(visit_type), in_days(1), ignoring=booked.appointment_id)

    assert [slot.start for slot in found] == [in_days(1, 9), in_days(1, 9, 30)]
