from __future__ import annotations

from functools import partial

import pytest

from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.errors import AppointmentNotFound, ChangedMeanwhile, SlotTaken, WrongStatus
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.resize import resize_appointment
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.lanes import set_lanes
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, in_days, make_bookable


def resize(made: Made, appointment: Appointment, minutes: int, *, version: int = 1, **more: bool | str) -> Appointment:
    with wearing(Role.DESK):
        return resize_appointment(
            made.id,
            made.actor,
            appointment.id,
            minutes,
            version=version,
            **more,
        )


def test_longer_and_shorter_with_its_buffers_and_the_same_clinician() -> None:
    made, visit_type = make_bookable(clinicians=2, buffer_before_minutes=5, buffer_after_minutes=10)
    appointment = book_by_phone(made, visit_type, in_days(1, 9))

    longer = resize(made, appointment, 50)
    (row,) = rows(made, Occupancy)
    during = (row.starts_at, row.ends_at)
    shorter = resize(made, appointment, 5, version=2)

    assert longer.ends_at == in_days(1, 9, 50)
    assert during == (in_days(1, 8, 55), in_days(1, 10))
    assert (shorter.starts_at, shorter.ends_at, shorter.version) == (in_days(1, 9), in_days(1, 9, 5), 3)
    assert shorter.resource_ids == appointment.resource_ids
    assert [event.details for event in events(made, "appointment.resize")] == [{"fields": ["ends_at"]}] * 2


def test_the_next_appointment_is_in_the_way() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    book_by_phone(made, visit_type, in_days(1, 9, 30))

    with pytest.raises(SlotTaken):
        resize(made, appointment, 35)

    (kept,) = rows(made, Appointment, id=appointment.id)
    assert (kept.ends_at, kept.version) == (in_days(1, 9, 30), 1)
    assert rows(made, Occupancy, appointment=appointment.id)[0].ends_at == in_days(1, 9, 30)


def test_squeezed_in_it_may_reach_into_the_next_one() -> None:
    made, visit_type = make_bookable()
    with wearing(Role.DESK), acting_for(made.id):
        set_lanes(made.id, made.clinicians[0], 1, overbooking=True)
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    book_by_phone(made, visit_type, in_days(1, 9, 30))

    squeezed = resize(made, appointment, 45, overbook=True)

    assert (squeezed.overbooked, squeezed.ends_at) == (True, in_days(1, 9, 45))
    assert resize(made, appointment, 30, version=2).overbooked is False


def test_also_while_somebody_waits_or_is_treated_but_not_when_it_is_over() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))

    with wearing(Role.DESK):
        mark(made.id, made.actor, appointment.id, "arrived", version=1)
        assert resize(made, appointment, 40, version=2).status == "arrived"
        mark(made.id, made.actor, appointment.id, "in-treatment", version=3)
        assert resize(made, appointment, 45, version=4).status == "in-treatment"
        mark(made.id, made.actor, appointment.id, "done", version=5)
        with pytest.raises(WrongStatus):
            resize(made, appointment, 50, version=6)


def test_a_cancelled_one_a_foreign_one_and_an_old_version_are_refused() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))

    with pytest.raises(ChangedMeanwhile):
        resize(made, appointment, 45, version=7)
    with pytest.raises(AppointmentNotFound):
        resize(other, appointment, 45)
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, appointment.id, version=1)
    with pytest.raises(WrongStatus):
        resize(made, appointment, 45, version=2)


@pytest.mark.parametrize("minutes", [-5, 0, 4, 721])
def test_too_short_or_too_long_is_refused(minutes: int) -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))

    with pytest.raises(Invalid) as refusal:
        resize(made, appointment, minutes)

    assert refusal.value.field == "minutes"


def test_the_same_key_changes_it_once() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))

    twice = [resize(made, appointment, 45, key="k").version for _ in range(2)]

    assert twice == [2, 2]


def test_of_many_at_the_same_moment_one_changes_it() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    verbs = [
        partial(resize_appointment, made.id, made.actor, appointment.id, minutes, version=1)
        for minutes in range(35, 85, 5)
    ]

    results, _ = all_at_once(verbs, role=Role.DESK)

    (done,) = [one for one in results if isinstance(one, Appointment)]
    assert {type(one) for one in results if isinstance(one, Exception)} == {ChangedMeanwhile}
    (row,) = rows(made, Occupancy)
    assert row.ends_at == done.ends_at
