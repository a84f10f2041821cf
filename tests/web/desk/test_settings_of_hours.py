from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from sprechzeit import clock
from sprechzeit.timetable.models import ScheduleException, WeeklyRule
from tests.booking.booked import book_by_phone, rows
from tests.factories import BERLIN, Made, at, at_desk, make_practice, make_visit_type
from tests.timetable.calendar import except_in, hours, open_weekly, weekly
from tests.web.desk.settings_of import BASE, agreement, send
from tests.web.page import Page

ALWAYS = {"on_holidays": "1"}


def next_monday() -> date:
    today = clock.now().astimezone(BERLIN).date()
    return today + timedelta(days=7 - today.weekday())


def week(made: Made) -> str:
    return f"kalender/{made.clinicians[0].id}/sprechzeiten/"


def test_a_span_is_entered_for_several_weekdays_at_once() -> None:
    made = make_practice()

    answer = send(at_desk(made), week(made), "opens", weekdays=["0", "2"], opens="08:15", closes="12:00", **ALWAYS)

    assert answer.status_code == 302
    assert {(one.weekday, one.opens, one.closes) for one in rows(made, WeeklyRule)} == {
        (day, time(8, 15), time(12)) for day in (0, 2)
    }
    assert hours(made, next_monday()) == [(time(8, 15), time(12))]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("weekdays", {"weekdays": []}),
        ("opens", {"opens": "früh"}),
        ("closes", {"closes": "08:00"}),
        ("valid_from", {"valid_from": "morgen"}),
        ("valid_from", {"valid_from": ""}),
        ("valid_until", {"valid_until": "2000-01-01"}),
        ("every_weeks", {"every_weeks": "53"}),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_entered(field: str, typed: dict[str, object]) -> None:
    made = make_practice()
    good = {"weekdays": ["0", "1"], "opens": "09:00", "closes": "12:00"}

    page = Page(send(at_desk(made), week(made), "opens", **{**good, **typed}))

    assert (page.status, set(page.errors)) == (422, {field})
    assert rows(made, WeeklyRule) == []


def test_the_grid_shows_each_rule_with_its_limits_as_a_link() -> None:
    made = make_practice()
    rule = open_weekly(made, weekly(0, every_weeks=2, valid_until=date(2099, 12, 31)))

    answer = at_desk(made).get(BASE + week(made))

    assert f"{BASE}sprechzeiten/{rule.id}/" in Page(answer).links
    for words in ("08:00–12:00", "alle 2 Wochen", "bis 31.12.2099"):
        assert words in answer.content.decode()


def test_shorter_hours_show_whom_they_leave_outside_before_they_are_saved() -> None:
    made = make_practice()
    visit_type = make_visit_type(made)
    rule = open_weekly(made, weekly(0, on_holidays=True))
    book_by_phone(made, visit_type, at(next_monday(), 11))
    client, path = at_desk(made), f"sprechzeiten/{rule.id}/"

    answer = send(client, path, "opens", closes="10:00")
    unchanged = hours(made, next_monday())
    send(client, path, "opens", closes="10:00", agreed=agreement(answer))

    assert answer.status_code == 409
    assert "Muster, Erika" in answer.content.decode()
    assert unchanged == [(time(8), time(12))]
    assert hours(made, next_monday()) == [(time(8), time(10))]


def test_a_rule_ends_on_a_date() -> None:
    made = make_practice()
    rule = open_weekly(made, weekly(0, on_holidays=True))
    client, path = at_desk(made), f"sprechzeiten/{rule.id}/"

    wrong = Page(send(client, path, "last_day", last_day="bald"))
    send(client, path, "last_day", last_day=next_monday().isoformat())

    assert (wrong.status, set(wrong.errors)) == (422, {"last_day"})
    assert hours(made, next_monday())
    assert hours(made, next_monday() + timedelta(days=7)) == []


def test_whole_days_off_list_who_comes_then_and_close_them() -> None:
    made = make_practice()
    visit_type = make_visit_type(made)
    open_weekly(made, weekly(0, on_holidays=True))
    book_by_phone(made, visit_type, at(next_monday(), 9))
    client = at_desk(made)
    typed = {
        "kind": "absence",
        "resource": str(made.clinicians[0].id),
        "since": next_monday().isoformat(),
        "until": (next_monday() + timedelta(days=4)).isoformat(),
        "label": "Fortbildung",
    }

    answer = send(client, "abwesenheiten/neu/", "since", **typed)
    unchanged = rows(made, ScheduleException)
    send(client, "abwesenheiten/neu/", "since", **typed, agreed=agreement(answer))

    assert answer.status_code == 409
    assert "1 Termin liegt in dieser Zeit" in answer.content.decode()
    assert unchanged == []
    assert hours(made, next_monday()) == []
    (row,) = rows(made, ScheduleException)
    assert row.during.upper == at(next_monday() + timedelta(days=5), 0)
    assert "Fortbildung" in client.get(BASE + "abwesenheiten/").content.decode()


def test_a_closure_and_extra_hours_with_times_and_their_removal() -> None:
    made = make_practice()
    open_weekly(made, weekly(0, on_holidays=True))
    client, day = at_desk(made), next_monday().isoformat()
    times = {"since": day, "since_time": "10:00", "until_time": "11:00"}

    send(client, "abwesenheiten/neu/", "since", kind="closure", **times)
    extra = {**times, "since_time": "17:00", "until_time": "19:00", "resource": str(made.clinicians[0].id)}
    send(client, "abwesenheiten/neu/", "since", kind="extra", **extra)
    entered = hours(made, next_monday())
    for row in rows(made, ScheduleException):
        client.post(f"{BASE}abwesenheiten/{row.id}/entfernen/")

    assert entered == [(time(8), time(10)), (time(11), time(12)), (time(17), time(19))]
    assert hours(made, next_monday()) == [(time(8), time(12))]


def test_extra_hours_in_which_somebody_comes_are_removed_after_a_yes() -> None:
    made = make_practice()
    visit_type = make_visit_type(made)
    extra = except_in(made, "extra", at(next_monday(), 17), at(next_monday(), 19), made.clinicians[0])
    book_by_phone(made, visit_type, at(next_monday(), 17))
    client, url = at_desk(made), f"{BASE}abwesenheiten/{extra.id}/entfernen/"

    answer = client.post(url)
    kept = len(rows(made, ScheduleException))
    client.post(url, {"agreed": agreement(answer)})

    assert (answer.status_code, kept, rows(made, ScheduleException)) == (409, 1, [])


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("kind", {"kind": "party"}),
        ("resource", {"resource": "0"}),
        ("since", {"since": ""}),
        ("until", {"until": "2001-01-01"}),
        ("until_time", {"since_time": "12:00", "until_time": "11:00"}),
        ("label", {"label": "x" * 81}),
    ],
)
def test_what_is_wrong_with_an_absence_stands_at_its_field(field: str, typed: dict[str, str]) -> None:
    made = make_practice()
    good = {"kind": "absence", "resource": str(made.clinicians[0].id), "since": next_monday().isoformat()}

    page = Page(send(at_desk(made), "abwesenheiten/neu/", "since", **{**good, **typed}))

    assert page.status == 422
    assert field in page.errors
    assert rows(made, ScheduleException) == []
