from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Resource
from sprechzeit.timetable.materialise import DAYS_AHEAD, extend_openings, rewrite_openings
from tests.factories import Made, at, make_practice
from tests.timetable.calendar import except_in, open_weekly, openings, weekly

TODAY = date(2030, 2, 1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_february_2030():
    with clock.travelled(at(TODAY, 10) - clock.now()):
        yield


def extend(made: Made) -> int:
    """As the nightly job does it."""
    with wearing(Role.WORKER):
        return extend_openings(made.id)


def make_open_daily(clinicians: int = 1) -> Made:
    made = make_practice(clinicians=clinicians)
    for clinician in made.clinicians:
        for weekday in range(7):
            open_weekly(made, weekly(weekday, on_holidays=True), clinician)
    return made


def written_anew(made: Made) -> list[tuple[datetime, datetime]]:
    with wearing(Role.DESK):
        rewrite_openings(made.id)
    return openings(made)


def test_on_the_same_day_there_is_nothing_to_add() -> None:
    made = make_open_daily()
    before = openings(made)

    assert extend(made) == 0
    assert openings(made) == before


def test_every_night_adds_one_day_and_a_second_run_adds_none() -> None:
    made = make_open_daily(clinicians=2)

    with clock.travelled(DAY):
        added = [extend(made), extend(made)]

    assert added == [2, 0]
    assert openings(made)[-1][0].date() == TODAY + DAYS_AHEAD * DAY
    assert len(openings(made)) == DAYS_AHEAD + 1


@pytest.mark.parametrize("nights", [3, 29, 500])
def test_nights_that_were_left_out_are_made_up_for(nights: int) -> None:
    made = make_open_daily()

    with clock.travelled(nights * DAY):
        extend(made)
        days = [start.date() for start, _ in openings(made) if start.date() >= TODAY + nights * DAY]

    assert days == [TODAY + (nights + n) * DAY for n in range(DAYS_AHEAD)]


def test_extending_gives_what_writing_anew_would_give() -> None:
    made = make_practice()
    open_weekly(made, weekly(1, every_weeks=3))
    open_weekly(made, weekly(3, 0, 0))
    except_in(made, "extra", at(TODAY + 399 * DAY, 20), at(TODAY + 402 * DAY, 4), made.clinicians[0])
    except_in(made, "closure", at(TODAY + 410 * DAY, 0), at(TODAY + 424 * DAY, 0))

    with clock.travelled(30 * DAY):
        extend(made)
        extended = openings(made)
        assert extended == written_anew(made)


def test_a_resource_without_openings_yet_gets_them_all() -> None:
    made = make_open_daily()
    with wearing(Role.DESK), acting_for(made.id):
        made.clinicians[0].openings.all()._raw_delete("desk")

    assert extend(made) == DAYS_AHEAD


def test_a_retired_resource_is_not_extended() -> None:
    made = make_open_daily()
    with wearing(Role.DESK), acting_for(made.id):
        Resource.objects.filter(practice=made.id).update(retired_at=clock.now())

    with clock.travelled(DAY):
        assert extend(made) == 0
