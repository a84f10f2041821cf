from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.clipboard import (
    MOST,
    clipboard_of,
    drop_from_clipboard,
    forget_clipboards,
    put_on_clipboard,
)
from sprechzeit.booking.errors import ChangedMeanwhile, ItemGone, NotInRecords, SlotTaken, WrongStatus
from sprechzeit.booking.models import Appointment, ClipboardItem
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.paste import paste
from sprechzeit.booking.status import mark
from sprechzeit.booking.undo import last_step, undo
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.timetable.wall_clock import local_midnight
from tests.booking.booked import book_by_phone, book_online, events, rows
from tests.factories import Made, in_days, make_bookable, make_person, make_practice


@pytest.fixture(autouse=True)
def at_the_desk() -> object:
    with wearing(Role.DESK):
        yield


def put(made: Made, appointment: Appointment | UUID, mode: str = "cut") -> UUID:
    number = appointment if isinstance(appointment, UUID) else appointment.id
    return put_on_clipboard(made.id, made.actor, number, mode)


def lying(made: Made) -> list[tuple[str, str]]:
    return [(one.mode, one.who.name) for one in clipboard_of(made.keys, made.actor)]


def test_what_is_cut_stays_in_its_place_until_it_is_put_elsewhere() -> None:
    made, visit_type = make_bookable(clinicians=2)
    appointment = book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Größer"))

    item = put(made, appointment)
    before = rows(made, Appointment)[0].starts_at
    moved = paste(made.keys, made.actor, item, in_days(2, 10), version=1)

    assert before == in_days(1, 9)
    assert (moved.id, moved.starts_at, moved.version) == (appointment.id, in_days(2, 10), 2)
    assert lying(made) == []
    assert len(events(made, "appointment.move")) == 1


def test_a_copy_is_booked_as_often_as_it_is_put_somewhere() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    item = put(made, appointment, "copy")

    made_ones = [paste(made.keys, made.actor, item, in_days(day, 10), version=1) for day in (1, 2, 3)]

    assert {one.patient_id for one in made_ones} == {appointment.patient_id}
    assert {one.visit_type_id for one in made_ones} == {visit_type.id}
    assert len(rows(made, Appointment)) == 4
    assert [mode for mode, _ in lying(made)] == ["copy"]


def test_the_names_are_shown_and_that_is_recorded() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Größer"))
    online = book_online(made, visit_type, in_days(1, 10), make_person(last_name="Online"))
    assert lying(made) == []
    put(made, appointment)
    put(made, online.appointment_id)

    assert lying(made) == [("cut", "Online, Erika"), ("cut", "Größer, Erika")]
    (event,) = events(made, "clipboard.view")
    intake = rows(made, Appointment, id=online.appointment_id)[0].intake_id
    assert event.subjects == sorted([appointment.patient_id, intake])
    assert event.details == {"count": 2}


def test_put_there_again_it_lies_there_once_the_latest_way() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))

    assert put(made, appointment, "cut") == put(made, appointment, "copy")
    assert [mode for mode, _ in lying(made)] == ["copy"]


def test_everybody_has_their_own() -> None:
    made, visit_type = make_bookable()
    other = make_practice()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    item = put(made, appointment)

    with pytest.raises(ItemGone):
        paste(made.keys, other.actor, item, in_days(2, 9), version=1)
    with pytest.raises(ItemGone):
        drop_from_clipboard(other.id, made.actor, item)

    assert clipboard_of(made.keys, other.actor) == []
    assert len(lying(made)) == 1


def test_taken_off_the_appointment_stays_as_it_is() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    item = put(made, appointment)

    drop_from_clipboard(made.id, made.actor, item)

    assert lying(made) == []
    assert rows(made, Appointment)[0].starts_at == in_days(1, 9)
    with pytest.raises(ItemGone):
        drop_from_clipboard(made.id, made.actor, item)


def test_what_somebody_else_moved_meanwhile_is_not_moved_unseen() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    item = put(made, appointment)
    move_appointment(made.id, made.actor, appointment.id, in_days(1, 11), version=1)

    with pytest.raises(ChangedMeanwhile):
        paste(made.keys, made.actor, item, in_days(2, 9), version=1)

    assert len(lying(made)) == 1
    assert paste(made.keys, made.actor, item, in_days(2, 9), version=2).starts_at == in_days(2, 9)


def test_onto_a_taken_time_nothing_happens_and_others_are_offered() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9))
    book_by_phone(made, visit_type, in_days(1, 10))

    for mode in ("cut", "copy"):
        item = put(made, appointment, mode)
        with pytest.raises(SlotTaken) as refusal:
            paste(made.keys, made.actor, item, in_days(1, 10), version=1)

        assert refusal.value.alternatives
        assert len(lying(made)) == 1
        assert len(rows(made, Appointment)) == 2


def test_what_is_gone_has_disappeared() -> None:
    made, visit_type = make_bookable()
    gone, here = (book_by_phone(made, visit_type, in_days(1, hour)) for hour in (9, 10))
    item = put(made, gone)
    put(made, here)
    cancel_appointment(made.id, made.actor, gone.id, version=1)
    mark(made.id, made.actor, here.id, "arrived", version=1)

    assert lying(made) == []
    with pytest.raises(ItemGone):
        paste(made.keys, made.actor, item, in_days(2, 9), version=2)


def test_what_cannot_be_carried_is_refused() -> None:
    made, visit_type = make_bookable()
    over = book_by_phone(made, visit_type, in_days(1, 9))
    mark(made.id, made.actor, over.id, "no-show", version=1)
    online = book_online(made, visit_type, in_days(1, 10))

    for mode in ("cut", "other", ""):
        with pytest.raises(WrongStatus):
            put(made, over, mode)
    with pytest.raises(NotInRecords):
        put(made, online.appointment_id, "copy")

    assert put(made, over, "copy")


def test_the_same_key_puts_it_there_once() -> None:
    made, visit_type = make_bookable()
    item = put(made, book_by_phone(made, visit_type, in_days(1, 9)))

    twice = [paste(made.keys, made.actor, item, in_days(2, 9), version=1, key="k").version for _ in range(2)]

    assert twice == [2, 2]


def test_putting_it_somewhere_can_be_undone() -> None:
    made, visit_type = make_bookable()
    item = put(made, book_by_phone(made, visit_type, in_days(1, 9)))
    paste(made.keys, made.actor, item, in_days(2, 9), version=1)

    step = last_step(made.id, made.actor)

    assert step is not None
    assert undo(made.id, made.actor, step.id).starts_at == in_days(1, 9)


def test_only_the_newest_dozen_stays() -> None:
    made, visit_type = make_bookable(clinicians=3, hours=(8, 18))
    for number in range(MOST + 2):
        put(made, book_by_phone(made, visit_type, in_days(1, 8) + timedelta(minutes=30 * number)))

    assert len(lying(made)) == MOST == len(rows(made, ClipboardItem))


def test_with_the_day_it_is_forgotten() -> None:
    made, visit_type = make_bookable()
    put(made, book_by_phone(made, visit_type, in_days(1, 9)))
    now = clock.now()
    midnight = local_midnight(in_days(1).astimezone(made.practice.zone).date(), made.practice.zone)

    with clock.travelled(midnight - now - timedelta(minutes=1)):
        assert len(lying(made)) == 1
    with clock.travelled(midnight - now + timedelta(minutes=1)):
        assert lying(made) == []
        with wearing(Role.WORKER):
            assert forget_clipboards(made.id) == 1
    assert rows(made, ClipboardItem) == []


def test_whom_the_page_tells_of_already_is_not_recorded_twice() -> None:
    made, visit_type = make_bookable()
    first, second = (book_by_phone(made, visit_type, in_days(1, hour)) for hour in (9, 10))
    for one in (first, second):
        put(made, one)
    assert first.patient_id is not None

    clipboard_of(made.keys, made.actor, recorded={first.patient_id})
    clipboard_of(made.keys, made.actor, recorded={first.patient_id, second.patient_id or first.patient_id})

    assert [event.subjects for event in events(made, "clipboard.view")] == [[second.patient_id]]
