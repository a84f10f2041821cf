from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.errors import ChangedMeanwhile, SlotTaken, UndoGone
from sprechzeit.booking.models import Appointment, Occupancy, UndoStep
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.resize import resize_appointment
from sprechzeit.booking.status import mark
from sprechzeit.booking.undo import forget_steps, last_step, undo
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from tests.factories import Made, in_days, make_bookable, make_person, make_practice, type_id


@pytest.fixture(autouse=True)
def at_the_desk() -> object:
    with wearing(Role.DESK):
        yield


def booked() -> tuple[Made, Appointment]:
    made, visit_type = make_bookable(clinicians=2)
    who = make_person()
    return made, book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), who)


def occupied(made: Made) -> list[tuple[object, ...]]:
    with acting_for(made.id):
        rows = Occupancy.objects.filter(practice=made.id).order_by("id")
        return list(rows.values_list("lane__resource_id", "starts_at", "ends_at"))


def step_of(made: Made) -> UndoStep:
    step = last_step(made.id, made.actor)
    assert step is not None
    return step


def test_a_move_goes_back_to_the_same_place() -> None:
    made, appointment = booked()
    before = occupied(made)
    move_appointment(made.id, made.actor, appointment.id, in_days(1, 11), version=1)

    back = undo(made.id, made.actor, step_of(made).id)

    assert (back.starts_at, back.resource_ids) == (appointment.starts_at, appointment.resource_ids)
    assert back.version == 3
    assert occupied(made) == before


def test_a_cancelled_one_stands_again_and_its_time_is_taken() -> None:
    made, appointment = booked()
    before = occupied(made)
    cancel_appointment(made.id, made.actor, appointment.id, version=1)
    assert occupied(made) == []

    back = undo(made.id, made.actor, step_of(made).id)

    assert back.status == "booked"
    assert occupied(made) == before


def test_a_mark_goes_back() -> None:
    made, appointment = booked()
    mark(made.id, made.actor, appointment.id, "arrived", version=1)

    assert undo(made.id, made.actor, step_of(made).id).status == "booked"


def test_when_somebody_has_the_old_place_it_stays_where_it_is() -> None:
    made, visit_type = make_bookable()
    first = book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person())
    move_appointment(made.id, made.actor, first.id, in_days(1, 11), version=1)
    step = step_of(made)
    book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person())

    with pytest.raises(SlotTaken):
        undo(made.id, made.actor, step.id)

    assert appointment_by_id(made.id, first.id).starts_at == in_days(1, 11)
    assert len(occupied(made)) == 2


def test_what_was_changed_again_is_not_overwritten() -> None:
    made, appointment = booked()
    move_appointment(made.id, made.actor, appointment.id, in_days(1, 11), version=1)
    step = step_of(made)
    mark(made.id, made.actor, appointment.id, "arrived", version=2)

    with pytest.raises(ChangedMeanwhile):
        undo(made.id, made.actor, step.id)


def test_it_is_done_once_by_who_did_it_and_for_ten_minutes() -> None:
    made, appointment = booked()
    other = make_practice()
    cancel_appointment(made.id, made.actor, appointment.id, version=1)
    step = step_of(made)

    with pytest.raises(UndoGone):
        undo(made.id, other.actor, step.id)
    with pytest.raises(UndoGone):
        undo(other.id, made.actor, step.id)
    with clock.travelled(timedelta(minutes=10, seconds=1)):
        assert last_step(made.id, made.actor) is None
        with pytest.raises(UndoGone):
            undo(made.id, made.actor, step.id)
    undo(made.id, made.actor, step.id)
    with pytest.raises(UndoGone):
        undo(made.id, made.actor, step.id)


def test_old_steps_are_forgotten() -> None:
    made, appointment = booked()
    mark(made.id, made.actor, appointment.id, "arrived", version=1)

    with wearing(Role.WORKER), clock.travelled(timedelta(minutes=11)):
        assert forget_steps(made.id) == 2  # the booking and the mark


def test_a_new_one_is_cancelled_and_its_time_is_free() -> None:
    made, appointment = booked()

    back = undo(made.id, made.actor, step_of(made).id)

    assert (back.id, back.status, back.version) == (appointment.id, "cancelled", 2)
    assert occupied(made) == []


def test_a_new_one_that_was_changed_since_stays() -> None:
    made, appointment = booked()
    step = step_of(made)
    mark(made.id, made.actor, appointment.id, "arrived", version=1)

    with pytest.raises(ChangedMeanwhile):
        undo(made.id, made.actor, step.id)

    assert appointment_by_id(made.id, appointment.id).status == "arrived"


def test_a_lengthened_one_gets_its_old_length_and_frees_the_rest() -> None:
    made, appointment = booked()
    before = occupied(made)
    resize_appointment(made.id, made.actor, appointment.id, 75, version=1)

    back = undo(made.id, made.actor, step_of(made).id)

    assert (back.ends_at, back.version) == (appointment.ends_at, 3)
    assert occupied(made) == before


def test_moves_of_one_batch_go_back_together_even_into_each_others_places() -> None:
    made, visit_type = make_bookable(clinicians=1)
    first, second = (
        book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, hour), make_person()) for hour in (9, 10)
    )
    batch = new_id()
    move_appointment(made.id, made.actor, second.id, in_days(1, 11), version=1, batch=batch)
    move_appointment(made.id, made.actor, first.id, in_days(1, 10), version=1, batch=batch)

    undo(made.id, made.actor, step_of(made).id)

    assert appointment_by_id(made.id, first.id).starts_at == in_days(1, 9)
    assert appointment_by_id(made.id, second.id).starts_at == in_days(1, 10)
    assert len(occupied(made)) == 2


def test_when_one_of_a_batch_was_changed_since_none_goes_back() -> None:
    made, visit_type = make_bookable(clinicians=1)
    first, second = (
        book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, hour), make_person()) for hour in (9, 10)
    )
    batch = new_id()
    for one, hour in ((first, 13), (second, 14)):
        move_appointment(made.id, made.actor, one.id, in_days(2, hour), version=1, batch=batch)
    step = step_of(made)
    mark(made.id, made.actor, first.id, "no-show", version=2)

    with pytest.raises(ChangedMeanwhile):
        undo(made.id, made.actor, step.id)

    assert appointment_by_id(made.id, second.id).starts_at == in_days(2, 14)
