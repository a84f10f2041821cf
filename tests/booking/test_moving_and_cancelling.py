from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.cancel import cancel_appointment, cancel_managed
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.errors import AppointmentNotFound, ChangedMeanwhile, KeyReused, SlotTaken, TooLate, WrongStatus
from sprechzeit.booking.hold import hold
from sprechzeit.booking.manage import find_managed
from sprechzeit.booking.models import Occupancy
from sprechzeit.booking.move import move_appointment, move_managed
from sprechzeit.booking.offer import offered
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import new_link_secret
from tests.factories import Made, in_days, make_bookable, make_person, type_id


def book(made: Made, visit_type: VisitType, hour: int = 9) -> Booked:
    held = hold(made.id, type_id(visit_type), in_days(1, hour))
    return confirm(made.id, held.secret, make_person())


def spans(made: Made) -> list[tuple]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Occupancy.objects.filter(practice=made.id).values_list("starts_at", "ends_at"))


def test_a_patient_moves_and_the_old_time_is_free() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type)

    moved = move_managed(made.id, booked.manage_secret, in_days(2, 10))

    assert (moved.starts_at, moved.version) == (in_days(2, 10), 2)
    assert spans(made) == [(in_days(2, 10), in_days(2, 10, 30))]
    assert hold(made.id, type_id(visit_type), in_days(1, 9))


def test_moving_by_less_than_its_own_length_is_no_clash_with_itself() -> None:
    made, visit_type = make_bookable(grid_minutes=10)
    booked = book(made, visit_type)

    moved = move_managed(made.id, booked.manage_secret, in_days(1, 9, 10))

    assert moved.starts_at == in_days(1, 9, 10)


def test_a_move_onto_a_taken_time_changes_nothing_and_tells_alternatives() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, 9)
    book(made, visit_type, 10)

    with pytest.raises(SlotTaken) as refusal:
        move_managed(made.id, booked.manage_secret, in_days(1, 10))

    assert refusal.value.alternatives
    assert find_managed(made.id, booked.manage_secret).starts_at == in_days(1, 9)
    assert len(spans(made)) == 2


def test_a_cancelled_time_is_free_at_once_and_cancelling_again_is_no_error() -> None:
    made, visit_type = make_bookable(hours=(9, 10), days=1)
    booked = book(made, visit_type)

    cancel_managed(made.id, booked.manage_secret, key="a")
    again = cancel_managed(made.id, booked.manage_secret)

    assert (again.status, again.changeable) == ("cancelled", False)
    assert spans(made) == []
    offer = offered(made.practice, visit_type, since=None, days=5)
    assert in_days(1, 9) in [slot.start for day in offer.days for slot in day.slots]


def test_after_the_last_moment_a_patient_can_neither_move_nor_cancel() -> None:
    made, visit_type = make_bookable(change_until_minutes=60)
    booked = book(made, visit_type)

    with clock.travelled(in_days(1, 9) - clock.now() - timedelta(minutes=59)):
        assert not find_managed(made.id, booked.manage_secret).changeable
        with pytest.raises(TooLate):
            cancel_managed(made.id, booked.manage_secret)
        with pytest.raises(TooLate):
            move_managed(made.id, booked.manage_secret, in_days(2, 9))
    with clock.travelled(in_days(1, 9) - clock.now() - timedelta(minutes=61)):
        assert cancel_managed(made.id, booked.manage_secret).status == "cancelled"


def test_the_same_key_moves_once_and_another_question_under_it_is_refused() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type)

    move_managed(made.id, booked.manage_secret, in_days(2, 10), key="once")
    again = move_managed(made.id, booked.manage_secret, in_days(2, 10), key="once")

    assert again.version == 2
    with pytest.raises(KeyReused):
        move_managed(made.id, booked.manage_secret, in_days(2, 11), key="once")


def test_a_foreign_secret_finds_nothing() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    booked = book(made, visit_type)

    for practice, secret in ((made.id, new_link_secret()), (other.id, booked.manage_secret)):
        with pytest.raises(AppointmentNotFound):
            cancel_managed(practice, secret)


def test_the_desk_moves_outside_the_openings_but_never_onto_another() -> None:
    made, visit_type = make_bookable()
    first, second = book(made, visit_type, 9), book(made, visit_type, 10)

    with wearing(Role.DESK):
        moved = move_appointment(made.id, made.actor, first.appointment_id, in_days(1, 19), version=1)
        with pytest.raises(SlotTaken):
            move_appointment(made.id, made.actor, second.appointment_id, in_days(1, 19), version=1)

    assert moved.starts_at == in_days(1, 19)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type)
    move_managed(made.id, booked.manage_secret, in_days(2, 10))

    with wearing(Role.DESK):
        for change in (
            lambda: move_appointment(made.id, made.actor, booked.appointment_id, in_days(1, 11), version=1),
            lambda: cancel_appointment(made.id, made.actor, booked.appointment_id, version=1),
            lambda: mark(made.id, made.actor, booked.appointment_id, "arrived", version=1),
        ):
            with pytest.raises(ChangedMeanwhile):
                change()

    assert find_managed(made.id, booked.manage_secret).starts_at == in_days(2, 10)


def test_the_desk_books_a_new_patient_or_leaves_no_trace_of_one() -> None:
    from sprechzeit.patients.models import Patient

    made, visit_type = make_bookable()
    with wearing(Role.DESK):
        book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person())
        with pytest.raises(SlotTaken):
            book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person())

        with acting_for(made.id):
            assert Patient.objects.filter(practice=made.id).count() == 1


def test_marks_follow_the_steps_of_a_visit() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type)

    with wearing(Role.DESK):
        arrived = mark(made.id, made.actor, booked.appointment_id, "arrived", version=1)
        done = mark(made.id, made.actor, booked.appointment_id, "done", version=arrived.version)
        for wrong in ("no-show", "cancelled", "nonsense"):
            with pytest.raises(WrongStatus):
                mark(made.id, made.actor, booked.appointment_id, wrong, version=done.version)
