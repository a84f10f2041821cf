from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.errors import KeyReused
from sprechzeit.booking.hold import Held, find_hold, hold
from sprechzeit.booking.models import Appointment, Hold, IdempotencyKey, Occupancy
from sprechzeit.booking.once import Result, once
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Patient
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, rows
from tests.factories import Made, in_days, make_bookable, make_person, make_practice, type_id


class Counting:
    """A verb that tells how often it ran."""

    def __init__(self, fails: bool = False) -> None:
        self.runs = 0
        self.fails = fails

    def __call__(self) -> Result:
        self.runs += 1
        if self.fails:
            raise ZeroDivisionError
        return {"run": self.runs}


def ask(made: Made, key: str, verb: Counting, asked: Any = ("move", 1)) -> Result:
    with acting_for(made.id):
        return once(made.id, key, asked, verb)


def test_the_same_question_under_the_same_key_is_answered_from_the_first_run() -> None:
    made, verb = make_practice(), Counting()

    assert [ask(made, "key", verb), ask(made, "key", verb)] == [{"run": 1}] * 2
    assert verb.runs == 1


def test_without_a_key_every_call_runs() -> None:
    made, verb = make_practice(), Counting()

    assert [ask(made, "", verb), ask(made, "", verb)] == [{"run": 1}, {"run": 2}]
    assert rows(made, IdempotencyKey) == []


def test_another_question_under_the_same_key_is_refused() -> None:
    made, verb = make_practice(), Counting()
    ask(made, "key", verb)

    with pytest.raises(KeyReused):
        ask(made, "key", verb, ("move", 2))

    assert verb.runs == 1


def test_parts_of_a_question_cannot_run_into_each_other() -> None:
    made, verb = make_practice(), Counting()
    ask(made, "key", verb, ("a", "b c"))

    for other in (("a b", "c"), ("a", "b", "c"), ("ab c",)):
        with pytest.raises(KeyReused):
            ask(made, "key", verb, other)


def test_what_failed_may_be_tried_again_under_the_same_key() -> None:
    made, failing, working = make_practice(), Counting(fails=True), Counting()

    with pytest.raises(ZeroDivisionError):
        ask(made, "key", failing)

    assert ask(made, "key", working) == {"run": 1}


def test_practices_do_not_share_keys() -> None:
    first, second, verb = make_practice(), make_practice(), Counting()

    ask(first, "key", verb)
    ask(second, "key", verb, ("something", "else"))

    assert verb.runs == 2


def test_the_database_does_not_know_the_key() -> None:
    made = make_practice()
    ask(made, "a-key-that-nobody-reads", Counting())

    (row,) = rows(made, IdempotencyKey)

    assert b"nobody" not in bytes(row.key_hash) + bytes(row.fingerprint)
    assert len(row.key_hash) == 32


def test_twenty_at_once_under_one_key_run_once() -> None:
    made, verb, lock = make_practice(), Counting(), threading.Lock()

    def locked() -> Result:
        with lock:
            return verb()

    def call() -> Result:
        with acting_for(made.id):
            return once(made.id, "key", ("move", 1), locked)

    results, _ = all_at_once([call] * 20)

    assert results == [{"run": 1}] * 20
    assert verb.runs == 1


def test_a_booking_repeated_at_the_desk_is_one_appointment_and_one_patient() -> None:
    made, visit_type = make_bookable()
    book = partial(
        book_at_desk, made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person(), key="the-same"
    )

    results, _ = all_at_once([book] * 5, role=Role.DESK)

    assert {getattr(one, "id", one) for one in results} == {rows(made, Appointment)[0].id}
    assert len(rows(made, Patient)) == 1


def test_a_hold_repeated_at_once_is_one_hold() -> None:
    made, visit_type = make_bookable(clinicians=3)

    results, _ = all_at_once([partial(hold, made.id, type_id(visit_type), in_days(1, 9), key="the-same")] * 5)

    assert {type(one) for one in results} == {Held}
    assert len(rows(made, Hold)) == len(rows(made, Occupancy)) == 1


def test_a_hold_repeated_again_and_again_is_one_hold() -> None:
    made, visit_type = make_bookable(clinicians=3)

    for _ in range(4):
        last = hold(made.id, type_id(visit_type), in_days(1, 9), key="the-same")

    assert len(rows(made, Hold)) == len(rows(made, Occupancy)) == 1
    assert find_hold(made.id, last.secret).starts_at == in_days(1, 9)


def test_a_repeated_cancellation_at_the_desk_answers_as_the_first_one() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))

    with wearing(Role.DESK):
        both = [
            cancel_appointment(made.id, made.actor, booked.id, version=booked.version, key="the-same") for _ in range(2)
        ]

    assert [(one.status, one.version) for one in both] == [("cancelled", 2)] * 2
