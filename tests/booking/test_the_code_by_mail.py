from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from sprechzeit import clock
from sprechzeit.booking.claims import NOTHING_SAID, Claims
from sprechzeit.booking.code_by_mail import MAILS, TRIES, ask_for_code, confirm_code, mail_again, take_instead
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.errors import CodeNeeded, CodeWrong, HoldNotFound, NotBookable, SlotTaken
from sprechzeit.booking.hold import Held, hold
from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.booking.prune import prune
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Consent, Intake
from sprechzeit.practices.models import VisitType
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, rows
from tests.factories import Made, in_days, make_bookable, make_person, type_id
from tests.messages.mailbox import codes_mailed, mail_server_set, number_put_in, to_whom


@pytest.fixture(autouse=True)
def mail_can_be_sent() -> Iterator[None]:
    with mail_server_set():
        yield


def waiting(made: Made, visit_type: VisitType, *, consents: tuple[str, ...] = (), hour: int = 9) -> Held:
    """Held, and the code mailed."""
    held = hold(made.id, type_id(visit_type), in_days(1, hour))
    with pytest.raises(CodeNeeded):
        confirm(made.id, held.secret, make_person())
    ask_for_code(made.id, held.secret, make_person(), claims=NOTHING_SAID, consents=consents)
    return held


def enter(made: Made, held: Held, code: str) -> Booked:
    return confirm_code(made.id, held.secret, code, claims=NOTHING_SAID)


def wrong_for(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_only_the_mailed_code_books_and_what_was_typed_waits_sealed() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type, consents=("reminder-email",))
    (code,) = codes_mailed(made)

    assert rows(made, Appointment) == []
    with pytest.raises(CodeWrong):
        enter(made, held, wrong_for(code))
    booked = enter(made, held, f" {code[:3]} {code[3:]} ")

    (row,) = rows(made, Appointment)
    assert (row.id, row.starts_at) == (booked.appointment_id, in_days(1, 9))
    assert [one.id for one in rows(made, Intake)] == [row.intake_id]
    assert [one.purpose for one in rows(made, Consent)] == ["reminder-email"]
    assert rows(made, Hold) == []


def test_sent_twice_it_is_booked_once() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)
    (code,) = codes_mailed(made)

    assert enter(made, held, code) == enter(made, held, code)


def test_of_ten_at_once_all_get_the_one_appointment() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)
    (code,) = codes_mailed(made)

    results, _ = all_at_once([partial(enter, made, held, code) for _ in range(10)])

    assert len({one.appointment_id for one in results if isinstance(one, Booked)}) == 1
    assert len(rows(made, Appointment)) == 1


def test_after_five_wrong_tries_the_right_one_does_not_count_but_a_new_one_does() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)
    (code,) = codes_mailed(made)
    for _ in range(TRIES):
        with pytest.raises(CodeWrong):
            enter(made, held, wrong_for(code))

    with pytest.raises(CodeWrong):
        enter(made, held, code)
    mail_again(made.id, held.secret)

    assert enter(made, held, codes_mailed(made)[-1])


def test_wrong_tries_at_once_are_all_counted() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)
    (code,) = codes_mailed(made)

    all_at_once([partial(enter, made, held, wrong_for(code)) for _ in range(TRIES)])

    with pytest.raises(CodeWrong):
        enter(made, held, code)


def test_at_most_three_codes_are_mailed() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)
    for _ in range(MAILS - 1):
        mail_again(made.id, held.secret)

    with pytest.raises(NotBookable):
        mail_again(made.id, held.secret)

    assert number_put_in(made, "code") == MAILS


def test_the_slot_is_kept_for_half_an_hour_and_a_slow_mail_loses_nothing_while_it_is_free() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)
    (code,) = codes_mailed(made)

    with clock.travelled(timedelta(minutes=29)), pytest.raises(SlotTaken):
        hold(made.id, type_id(visit_type), in_days(1, 9))
    with clock.travelled(timedelta(hours=5)):
        booked = enter(made, held, code)

    assert [one.id for one in rows(made, Appointment)] == [booked.appointment_id]


def test_when_somebody_else_has_the_slot_another_time_is_taken_without_typing_anything_again() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)
    (code,) = codes_mailed(made)

    with clock.travelled(timedelta(minutes=40)):
        start = in_days(1, 9)
        book_by_phone(made, visit_type, start)
        with pytest.raises(SlotTaken) as taken:
            enter(made, held, code)
        take_instead(made.id, held.secret, taken.value.alternatives[0].start)
        booked = enter(made, held, "")

    row = next(one for one in rows(made, Appointment) if one.id == booked.appointment_id)
    assert row.starts_at == taken.value.alternatives[0].start
    assert row.intake_id is not None


def test_another_time_cannot_be_taken_without_the_code() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)

    take_instead(made.id, held.secret, in_days(1, 10))

    with pytest.raises(CodeWrong):
        enter(made, held, "")


def test_after_a_day_the_code_and_what_was_typed_are_gone() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type, consents=("recall",))
    (code,) = codes_mailed(made)

    with clock.travelled(timedelta(hours=25)):
        with pytest.raises(CodeWrong):
            enter(made, held, code)
        with wearing(Role.WORKER):
            prune(made.id)
        with pytest.raises(HoldNotFound):
            enter(made, held, code)

    assert (rows(made, Intake), rows(made, Consent), rows(made, Hold)) == ([], [], [])


def test_what_is_corrected_replaces_what_waited() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)

    ask_for_code(made.id, held.secret, make_person(last_name="Richtig"), claims=NOTHING_SAID)
    enter(made, held, codes_mailed(made)[-1])

    assert len(rows(made, Intake)) == 1


def test_a_practice_that_asks_for_no_code_and_a_booking_by_phone_number_go_without() -> None:
    made, visit_type = make_bookable(hours=(9, 12))
    by_number = hold(made.id, type_id(visit_type), in_days(1, 9))
    confirm(made.id, by_number.secret, make_person(email="", phone="+49301234567"))
    with wearing(Role.DESK), acting_for(made.id):
        type(made.practice).objects.filter(id=made.id).update(confirm_email=False)

    by_mail = hold(made.id, type_id(visit_type), in_days(1, 10))
    confirm(made.id, by_mail.secret, make_person())

    assert len(rows(made, Appointment)) == 2


def test_whom_the_visit_type_is_for_is_asked_before_a_code_is_mailed() -> None:
    made, visit_type = make_bookable(open_to="new")
    held = hold(made.id, type_id(visit_type), in_days(1, 9), claims=Claims(is_new=True))

    with pytest.raises(NotBookable):
        ask_for_code(made.id, held.secret, make_person(), claims=Claims(is_new=False))

    assert codes_mailed(made) == []


def test_a_new_code_goes_to_the_address_that_is_to_be_confirmed_and_to_no_other() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)

    mail_again(made.id, held.secret)

    assert {one.to for one in to_whom(made)} == {"erika@example.org"}


def test_what_waited_for_a_code_goes_when_it_is_booked_without_one() -> None:
    made, visit_type = make_bookable()
    held = waiting(made, visit_type)

    confirm(made.id, held.secret, make_person(email="", phone="+49301234567"))

    assert len(rows(made, Intake)) == 1


def test_a_code_is_mailed_only_for_a_time_that_is_still_to_be_had() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    with clock.travelled(timedelta(minutes=20)):
        book_by_phone(made, visit_type, in_days(1, 9))
        with pytest.raises(SlotTaken) as refused:
            ask_for_code(made.id, held.secret, make_person(), claims=NOTHING_SAID)

    assert refused.value.alternatives
    assert codes_mailed(made) == []


def test_a_time_whose_reservation_ran_out_is_taken_anew_before_the_code_is_mailed() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    with clock.travelled(timedelta(minutes=20)):
        book_by_phone(made, visit_type, in_days(1, 10))
        ask_for_code(made.id, held.secret, make_person(), claims=NOTHING_SAID)
        with pytest.raises(SlotTaken):
            hold(made.id, type_id(visit_type), in_days(1, 9))

        assert len(codes_mailed(made)) == 1
