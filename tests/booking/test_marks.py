from __future__ import annotations

from functools import partial

import pytest

from sprechzeit.booking.errors import AppointmentNotFound, ChangedMeanwhile, WrongStatus
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, in_days, make_bookable

ALLOWED = {
    ("booked", "arrived"),
    ("booked", "no-show"),
    ("arrived", "in-treatment"),
    ("arrived", "done"),
    ("arrived", "booked"),
    ("arrived", "no-show"),
    ("in-treatment", "done"),
    ("in-treatment", "arrived"),
    ("done", "arrived"),
    ("no-show", "booked"),
    ("no-show", "arrived"),
}
STATES = ["booked", "arrived", "in-treatment", "done", "no-show", "cancelled"]


def make_appointment(status: str = "booked") -> tuple[Made, Appointment]:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.filter(id=booked.id).update(status=status)
    return made, booked


@pytest.mark.parametrize("before", STATES)
def test_only_the_steps_of_a_visit_are_allowed(before: str) -> None:
    made, booked = make_appointment(before)

    for after in (*STATES, "nonsense"):
        with wearing(Role.DESK), acting_for(made.id):
            Appointment.objects.filter(id=booked.id).update(status=before, version=7)
        with wearing(Role.DESK):
            if (before, after) in ALLOWED:
                marked = mark(made.id, made.actor, booked.id, after, version=7)
                assert (marked.status, marked.version) == (after, 8)
            elif before == after:
                assert mark(made.id, made.actor, booked.id, after, version=7).version == 7
            else:
                with pytest.raises(WrongStatus):
                    mark(made.id, made.actor, booked.id, after, version=7)
                assert rows(made, Appointment)[0].status == before


def test_what_somebody_else_marked_meanwhile_is_not_overwritten() -> None:
    made, booked = make_appointment()

    with wearing(Role.DESK):
        mark(made.id, made.actor, booked.id, "arrived", version=1)
        with pytest.raises(ChangedMeanwhile):
            mark(made.id, made.actor, booked.id, "no-show", version=1)

    assert rows(made, Appointment)[0].status == "arrived"


def test_of_two_different_marks_at_once_one_is_told_to_look_again() -> None:
    made, booked = make_appointment()
    marks = [partial(mark, made.id, made.actor, booked.id, status, version=1) for status in ("arrived", "no-show")]

    results, _ = all_at_once(marks, role=Role.DESK)

    assert sorted(type(one).__name__ for one in results) == ["Appointment", "ChangedMeanwhile"]
    assert len(events(made, "appointment.mark")) == 1


def test_each_mark_is_recorded_and_a_repeated_one_is_not() -> None:
    made, booked = make_appointment()

    with wearing(Role.DESK):
        for _ in range(2):
            mark(made.id, made.actor, booked.id, "arrived", version=1, key="once")
        mark(made.id, made.actor, booked.id, "arrived", version=1)

    assert [event.details for event in events(made, "appointment.mark")] == [{"status": "arrived"}]


def test_a_marked_appointment_keeps_its_time() -> None:
    made, booked = make_appointment()

    with wearing(Role.DESK):
        mark(made.id, made.actor, booked.id, "no-show", version=1)

    assert [row.appointment_id for row in rows(made, Occupancy)] == [booked.id]


def test_another_practices_appointment_cannot_be_marked() -> None:
    made, _ = make_bookable()
    _, foreign = make_appointment()

    for appointment in (foreign.id, new_id()):
        with wearing(Role.DESK), pytest.raises(AppointmentNotFound):
            mark(made.id, made.actor, appointment, "arrived", version=1)
