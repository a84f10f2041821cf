from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from sprechzeit import clock
from sprechzeit.booking.affected import Affects, who_comes
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.furnishing.exception import enter_exception, withdraw_exception
from sprechzeit.furnishing.hours import add_hours, change_hours, end_hours
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import VisitType
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.listing import coming_exceptions, weekly_rules
from sprechzeit.timetable.spans import Span
from tests.booking.booked import book_by_phone, events
from tests.factories import Made, at, make_practice, make_visit_type
from tests.timetable.calendar import except_in, hours, open_weekly, weekly

TODAY = date(2030, 3, 1)  # a Friday
MONDAY = date(2030, 3, 4)


@pytest.fixture(autouse=True)
def _in_march_2030():
    with clock.travelled(at(TODAY, 10) - clock.now()):
        yield


def first_of(made: Made) -> ResourceId:
    return ResourceId(made.clinicians[0].id)


def practice() -> tuple[Made, VisitType]:
    made = make_practice(clinicians=2)
    return made, make_visit_type(made, made.clinicians[:1])


def test_several_weekdays_at_once_or_none() -> None:
    made, _ = practice()

    with wearing(Role.DESK):
        add_hours(made.id, made.actor, first_of(made), [weekly(0), weekly(1)])
        with pytest.raises(Invalid):
            add_hours(made.id, made.actor, first_of(made), [weekly(2), weekly(3, 12, 8)])

        assert [rule.weekday for rule in weekly_rules(made.id, first_of(made), TODAY)] == [0, 1]


def test_shorter_hours_list_whom_they_leave_outside() -> None:
    made, visit_type = practice()
    rule = open_weekly(made, weekly(0, 8, 12))
    book_by_phone(made, visit_type, at(MONDAY, 9))
    outside = book_by_phone(made, visit_type, at(MONDAY, 11, 30))

    with wearing(Role.DESK), pytest.raises(Affects) as refusal:
        change_hours(made.id, made.actor, rule.id, weekly(0, 8, 11))
    unchanged = hours(made, MONDAY)
    with wearing(Role.DESK):
        change_hours(made.id, made.actor, rule.id, weekly(0, 8, 11), agreed=refusal.value.agreement)

    assert [one.id for one in refusal.value.appointments] == [outside.id]
    assert unchanged == [(time(8), time(12))]
    assert hours(made, MONDAY) == [(time(8), time(11))]
    assert len(events(made, "rule.change")) == 1


def test_what_was_outside_before_is_not_listed_again() -> None:
    made, visit_type = practice()
    rule = open_weekly(made, weekly(0, 8, 12))
    book_by_phone(made, visit_type, at(MONDAY, 18))

    with wearing(Role.DESK):
        change_hours(made.id, made.actor, rule.id, weekly(0, 8, 11))

    assert hours(made, MONDAY) == [(time(8), time(11))]


def test_another_rule_that_covers_it_leaves_nobody_outside() -> None:
    made, visit_type = practice()
    rule = open_weekly(made, weekly(0, 8, 12))
    open_weekly(made, weekly(0, 9, 10))
    book_by_phone(made, visit_type, at(MONDAY, 9))

    with wearing(Role.DESK):
        end_hours(made.id, made.actor, rule.id, TODAY)

    assert hours(made, MONDAY) == [(time(9), time(10))]


def test_ended_hours_list_whom_they_leave_outside() -> None:
    made, visit_type = practice()
    rule = open_weekly(made, weekly(0))
    book_by_phone(made, visit_type, at(MONDAY, 9))

    with wearing(Role.DESK), pytest.raises(Affects):
        end_hours(made.id, made.actor, rule.id, TODAY)

    assert hours(made, MONDAY)


def test_a_changed_rule_must_open_sometime_and_be_here() -> None:
    made, _ = practice()
    other, _ = practice()
    rule, foreign = open_weekly(made, weekly(0)), open_weekly(other, weekly(0))

    with wearing(Role.DESK):
        with pytest.raises(Invalid):
            change_hours(made.id, made.actor, rule.id, replace(weekly(0), every_weeks=0))
        with pytest.raises(NotFound):
            change_hours(made.id, made.actor, foreign.id, weekly(1))

    assert hours(other, MONDAY)


def enter(made: Made, kind: str, resource: ResourceId | None, agreed: str = "") -> None:
    span = Span(at(MONDAY, 0), at(date(2030, 3, 5), 0))
    with wearing(Role.DESK):
        enter_exception(made.id, made.actor, Exceptional(kind, span), resource=resource, agreed=agreed)


@pytest.mark.parametrize("kind", ["absence", "closure"])
def test_who_has_an_appointment_inside_is_listed_first(kind: str) -> None:
    made, visit_type = practice()
    open_weekly(made, weekly(0))
    inside = book_by_phone(made, visit_type, at(MONDAY, 9))
    book_by_phone(made, visit_type, at(date(2030, 3, 11), 9))
    resource = first_of(made) if kind == "absence" else None

    with pytest.raises(Affects) as refusal:
        enter(made, kind, resource)
    unchanged = hours(made, MONDAY)
    enter(made, kind, resource, refusal.value.agreement)

    assert [one.id for one in refusal.value.appointments] == [inside.id]
    assert unchanged
    assert hours(made, MONDAY) == []


def test_an_absence_of_somebody_else_touches_nobody() -> None:
    made, visit_type = practice()
    book_by_phone(made, visit_type, at(MONDAY, 9))

    enter(made, "absence", ResourceId(made.clinicians[1].id))

    with wearing(Role.DESK):
        assert len(coming_exceptions(made.id)) == 1


def test_removed_extra_hours_list_whom_they_leave_outside() -> None:
    made, visit_type = practice()
    extra = except_in(made, "extra", at(MONDAY, 17), at(MONDAY, 19), made.clinicians[0])
    book_by_phone(made, visit_type, at(MONDAY, 17))

    with wearing(Role.DESK):
        with pytest.raises(Affects) as refusal:
            withdraw_exception(made.id, made.actor, extra.id)
        withdraw_exception(made.id, made.actor, extra.id, agreed=refusal.value.agreement)

    assert hours(made, MONDAY) == []


def test_names_are_opened_for_few_and_it_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    made, visit_type = practice()
    booked = book_by_phone(made, visit_type, at(MONDAY, 9))

    with wearing(Role.DESK):
        (shown,) = who_comes(made.keys, made.actor, [booked])
        monkeypatch.setattr("sprechzeit.booking.affected.FEW", 0)
        (unnamed,) = who_comes(made.keys, made.actor, [booked])

    assert (shown.who.name, unnamed.who.name) == ("Muster, Erika", "")
    (event,) = events(made, "appointment.list")
    assert event.subjects == [booked.patient_id]
