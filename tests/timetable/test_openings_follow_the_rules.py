from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource
from sprechzeit.timetable.materialise import DAYS_AHEAD, rewrite_openings
from sprechzeit.timetable.models import ScheduleException, WeeklyRule
from sprechzeit.timetable.rules import end_rule
from sprechzeit.timetable.schedule_exceptions import remove_exception
from tests.factories import Made, at, make_practice
from tests.timetable.calendar import except_in, hours, open_weekly, openings, weekly

TODAY = date(2030, 3, 1)  # a Friday
MORNING = [(time(8), time(12))]


@pytest.fixture(autouse=True)
def _in_march_2030():
    with clock.travelled(at(TODAY, 10) - clock.now()):
        yield


def days_open(made: Made, since: date, count: int) -> list[date]:
    days = [since + timedelta(days=n) for n in range(count)]
    return [day for day in days if hours(made, day)]


@pytest.mark.parametrize("change", [date(2030, 3, 31), date(2030, 10, 27)])
def test_eight_stays_eight_when_the_clocks_change(change: date) -> None:
    made = make_practice()
    for weekday in (5, 6, 0):
        open_weekly(made, weekly(weekday))

    days = [change + timedelta(days=n) for n in (-1, 0, 1)]

    assert [hours(made, day) for day in days] == [MORNING] * 3
    moments = {start.astimezone(UTC).hour for start, _ in openings(made) if start.date() in days}
    assert moments == {6, 7}


@pytest.mark.parametrize(("change", "length"), [(date(2030, 3, 31), 23), (date(2030, 10, 27), 25)])
def test_who_is_open_all_day_is_open_as_long_as_that_day_lasts(change: date, length: int) -> None:
    made = make_practice()
    open_weekly(made, weekly(6, 0, 0))

    (span,) = [(start, end) for start, end in openings(made) if start.date() == change]

    assert span[1].astimezone(UTC) - span[0].astimezone(UTC) == timedelta(hours=length)


def test_openings_reach_from_today_to_four_hundred_days_ahead() -> None:
    made = make_practice()
    for weekday in range(7):
        open_weekly(made, weekly(weekday, on_holidays=True))

    days = [start.date() for start, _ in openings(made)]

    assert days == [TODAY + timedelta(days=n) for n in range(DAYS_AHEAD)]


def test_holidays_are_those_of_the_practices_state() -> None:
    womens_day = date(2030, 3, 8)  # a Friday, a holiday in Berlin alone among these
    berlin, bavaria = make_practice(subdivision="BE"), make_practice(subdivision="BY")
    for made in (berlin, bavaria):
        open_weekly(made, weekly(4))

    assert hours(berlin, womens_day) == []
    assert hours(bavaria, womens_day) == MORNING


def test_a_rule_may_hold_on_holidays_too() -> None:
    made = make_practice()
    open_weekly(made, weekly(4, on_holidays=True))

    assert hours(made, date(2030, 3, 8)) == MORNING


def test_a_closure_closes_everybody_and_an_absence_one() -> None:
    made = make_practice(clinicians=2)
    first, second = made.clinicians
    for clinician in made.clinicians:
        open_weekly(made, weekly(0), clinician)
    except_in(made, "closure", at(date(2030, 3, 4), 10), at(date(2030, 3, 4), 11))
    except_in(made, "absence", at(date(2030, 3, 11), 0), at(date(2030, 3, 12), 0), first)

    around_closure = [(time(8), time(10)), (time(11), time(12))]
    assert [hours(made, date(2030, 3, 4), one) for one in made.clinicians] == [around_closure] * 2
    assert [hours(made, date(2030, 3, 11), one) for one in (first, second)] == [[], MORNING]


def test_extra_hours_open_on_a_holiday_and_in_a_closure_but_not_in_an_absence() -> None:
    made = make_practice()
    clinician = made.clinicians[0]
    holiday, closed, away = date(2030, 3, 8), date(2030, 3, 13), date(2030, 3, 14)
    for day in (holiday, closed, away):
        except_in(made, "extra", at(day, 17), at(day, 19), clinician)
    except_in(made, "closure", at(closed, 0), at(closed, 23))
    except_in(made, "absence", at(away, 18), at(away, 23), clinician)

    evening = [(time(17), time(19))]
    assert [hours(made, day) for day in (holiday, closed, away)] == [evening, evening, [(time(17), time(18))]]


def test_hours_over_midnight_are_cut_at_midnight() -> None:
    made = make_practice()
    except_in(made, "extra", at(date(2030, 3, 30), 22), at(date(2030, 4, 1), 2), made.clinicians[0])

    spans = [(start.date().day, start.time(), end.time()) for start, end in openings(made)]

    assert spans == [(30, time(22), time(0)), (31, time(0), time(0)), (1, time(0), time(2))]


def test_every_other_week_counts_from_the_week_in_which_the_rule_began() -> None:
    made = make_practice()
    open_weekly(made, weekly(0, every_weeks=2, valid_from=date(2030, 3, 6)))  # a Wednesday of an open week

    assert days_open(made, TODAY, 32) == [date(2030, 3, 18), date(2030, 4, 1)]


def test_both_dates_of_a_rule_are_included() -> None:
    made = make_practice()
    open_weekly(made, weekly(0, valid_from=date(2030, 3, 11), valid_until=date(2030, 3, 25)))

    assert days_open(made, TODAY, 60) == [date(2030, 3, 11), date(2030, 3, 18), date(2030, 3, 25)]


def test_two_rules_of_a_day_that_touch_are_one_opening() -> None:
    made = make_practice()
    open_weekly(made, weekly(0, 8, 12))
    open_weekly(made, weekly(0, 12, 18))
    open_weekly(made, weekly(0, 17, 19))

    assert hours(made, date(2030, 3, 4)) == [(time(8), time(19))]


def test_an_ended_rule_holds_for_the_last_time_on_its_last_day() -> None:
    made = make_practice()
    rule = open_weekly(made, weekly(0))

    with wearing(Role.DESK):
        end_rule(made.id, made.actor, rule.id, date(2030, 3, 11))

    assert days_open(made, TODAY, 60) == [date(2030, 3, 4), date(2030, 3, 11)]


def test_a_rule_that_ends_before_it_began_is_gone() -> None:
    made = make_practice()
    rule = open_weekly(made, weekly(0, valid_from=date(2030, 5, 6)))

    with wearing(Role.DESK):
        end_rule(made.id, made.actor, rule.id, date(2030, 5, 5))
        with acting_for(made.id):
            assert not WeeklyRule.objects.filter(practice=made.id).exists()

    assert openings(made) == []


def test_the_past_stays_as_it_was() -> None:
    made = make_practice()
    rule = open_weekly(made, weekly(0))
    absence = except_in(made, "absence", at(date(2030, 3, 4), 0), at(date(2030, 3, 5), 0), made.clinicians[0])

    with clock.travelled(timedelta(days=14)), wearing(Role.DESK):  # it is Friday the 15th
        remove_exception(made.id, made.actor, absence.id)
        end_rule(made.id, made.actor, rule.id, date(2030, 3, 5))

    assert days_open(made, TODAY, 60) == [date(2030, 3, 11)]


def test_a_removed_exception_leaves_the_rules() -> None:
    made = make_practice()
    open_weekly(made, weekly(0))
    day = date(2030, 3, 4)
    closure = except_in(made, "closure", at(day, 0), at(day, 23))
    closed = hours(made, day)

    with wearing(Role.DESK):
        remove_exception(made.id, made.actor, closure.id)

    assert (closed, hours(made, day)) == ([], MORNING)


def test_an_absence_without_an_end_never_ends() -> None:
    made = make_practice()
    clinician = made.clinicians[0]
    open_weekly(made, weekly(0))

    with wearing(Role.DESK), acting_for(made.id):
        ScheduleException.objects.create(
            practice_id=made.id, resource=clinician, kind="absence", during=(at(date(2030, 3, 12), 0), None)
        )
        rewrite_openings(made.id)

    assert days_open(made, TODAY, 100) == [date(2030, 3, 4), date(2030, 3, 11)]


def test_a_retired_resource_keeps_its_past_and_has_no_future() -> None:
    made = make_practice()
    open_weekly(made, weekly(0))

    with clock.travelled(timedelta(days=7)), wearing(Role.DESK), acting_for(made.id):
        Resource.objects.filter(id=made.clinicians[0].id).update(retired_at=clock.now())
        left = rewrite_openings(made.id)

    assert left == 0
    assert days_open(made, TODAY, 60) == [date(2030, 3, 4)]


def test_only_the_resources_named_are_written() -> None:
    made = make_practice(clinicians=2)
    first, second = made.clinicians
    for clinician in made.clinicians:
        open_weekly(made, weekly(0), clinician)
    with wearing(Role.DESK), acting_for(made.id):
        WeeklyRule.objects.filter(practice=made.id).delete()
        rewrite_openings(made.id, [ResourceId(first.id)])

    assert openings(made, first) == []
    assert openings(made, second)


def test_another_practices_openings_are_left_alone() -> None:
    made, other = make_practice(), make_practice()
    open_weekly(other, weekly(0))
    before = openings(other)

    with wearing(Role.DESK):
        assert rewrite_openings(made.id) == 0

    assert openings(other) == before
    assert isinstance(before[0][0], datetime)
