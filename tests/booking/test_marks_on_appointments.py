from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.marks import NO_MARKS, Marks, marks_of
from sprechzeit.booking.models import Appointment, AppointmentNote
from sprechzeit.booking.note import write_note
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId
from sprechzeit.patients.consent import Whose, give, withdraw
from sprechzeit.patients.models import Consent
from sprechzeit.vault import CannotOpen
from tests.booking.booked import book_by_phone, book_online
from tests.factories import (
    Made,
    in_days,
    make_bookable,
    make_person,
    make_practice,
    make_resource,
    make_visit_type,
    type_id,
)

P = Consent.Purpose


def marks(made: Made) -> dict[UUID, Marks]:
    with wearing(Role.DESK), acting_for(made.id):
        found = list(Appointment.objects.filter(practice=made.id).order_by("starts_at", "id"))
        return marks_of(made.keys, found)


def consent(made: Made, whose: Whose, purpose: P) -> None:
    with wearing(Role.DESK):
        give(made.id, made.actor, whose, purpose, "Ja.", Consent.Source.DESK)


def test_the_first_appointment_of_a_patient_is_marked_and_the_next_is_not() -> None:
    made, visit_type = make_bookable()
    first = book_by_phone(made, visit_type, in_days(1, 9))
    second = book_by_phone(made, visit_type, in_days(2, 9), first.patient_id)

    found = marks(made)

    assert [found[one.id].is_new for one in (first, second)] == [True, False]


def test_a_cancelled_one_before_is_no_visit() -> None:
    made, visit_type = make_bookable()
    first = book_by_phone(made, visit_type, in_days(1, 9))
    second = book_by_phone(made, visit_type, in_days(2, 9), first.patient_id)
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, first.id, version=1)

    found = marks(made)

    assert first.id not in found
    assert found[second.id].is_new


def test_who_is_not_in_the_records_yet_is_not_called_new() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9))

    assert not marks(made)[booked.appointment_id].is_new


def test_minutes_are_counted_since_the_arrival_until_somebody_is_called() -> None:
    made, visit_type = make_bookable()
    with clock.travelled(timedelta(minutes=-25)):
        booked = book_by_phone(made, visit_type, in_days(0, 12))
        with wearing(Role.DESK):
            arrived = mark(made.id, made.actor, booked.id, "arrived", version=1)
    waiting = marks(made)[booked.id].waiting
    with wearing(Role.DESK):
        mark(made.id, made.actor, booked.id, "in-treatment", version=arrived.version)

    assert waiting == 25
    assert marks(made)[booked.id].waiting is None


def test_the_room_of_a_treatment_is_named_shortly() -> None:
    made, visit_type = make_bookable()
    room = make_resource(made, kind="room", name="Behandlungszimmer 2")
    booked = book_by_phone(made, visit_type, in_days(0, 12))
    with wearing(Role.DESK):
        arrived = mark(made.id, made.actor, booked.id, "arrived", version=1)
        called = mark(made.id, made.actor, booked.id, "in-treatment", version=arrived.version, room=ResourceId(room.id))
        inside = marks(made)[booked.id].room
        mark(made.id, made.actor, booked.id, "done", version=called.version)

    assert inside == "Behandlungszimmer 2"
    assert marks(made)[booked.id].room == ""


@pytest.mark.parametrize(("minutes", "overdue"), [(-1, False), (9, False), (10, True), (60, True), (13 * 60, False)])
def test_who_has_not_come_ten_minutes_after_the_start_is_overdue(minutes: int, overdue: bool) -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))

    with clock.travelled(in_days(1, 9) - clock.now() + timedelta(minutes=minutes, seconds=1)):
        found = marks(made)[booked.id]

    assert found.is_overdue == overdue


def test_the_comment_is_opened() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    other = book_by_phone(made, visit_type, in_days(1, 10))
    with wearing(Role.DESK):
        write_note(made.keys, made.actor, booked.id, "Bringt Befunde mit", seen="")

    found = marks(made)

    assert [found[one.id].note for one in (booked, other)] == ["Bringt Befunde mit", ""]
    assert "Befunde" not in repr(found)


def test_a_comment_that_was_moved_to_another_appointment_does_not_open() -> None:
    made, visit_type = make_bookable()
    booked, other = (book_by_phone(made, visit_type, in_days(1, hour)) for hour in (9, 10))
    with wearing(Role.DESK):
        write_note(made.keys, made.actor, booked.id, "Bringt Befunde mit", seen="")
    with wearing(Role.DESK), acting_for(made.id):
        AppointmentNote.objects.filter(appointment=booked.id).update(appointment=other.id)

    with pytest.raises(CannotOpen):
        marks(made)


def test_reminders_are_agreed_to_by_one_of_the_two_ways_and_not_by_a_recall() -> None:
    made, visit_type = make_bookable()
    by_mail, by_sms, recall = (book_by_phone(made, visit_type, in_days(1, hour)) for hour in (9, 10, 11))
    for booked, purpose in ((by_mail, P.REMINDER_EMAIL), (by_sms, P.REMINDER_SMS), (recall, P.RECALL)):
        consent(made, Whose(patient=booked.patient_id), purpose)

    found = marks(made)

    assert [found[one.id].no_reminders for one in (by_mail, by_sms, recall)] == [False, False, True]


def test_a_withdrawn_consent_is_none() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    consent(made, Whose(patient=booked.patient_id), P.REMINDER_SMS)
    with wearing(Role.DESK):
        withdraw(made.id, made.actor, Whose(patient=booked.patient_id), P.REMINDER_SMS)

    assert marks(made)[booked.id].no_reminders


def test_whoever_booked_online_is_asked_for_beside_the_intake() -> None:
    made, visit_type = make_bookable()
    asked, silent = (book_online(made, visit_type, in_days(1, hour)).appointment_id for hour in (9, 10))
    with wearing(Role.DESK), acting_for(made.id):
        intake = Appointment.objects.get(id=asked).intake_id
    consent(made, Whose(intake=intake), P.REMINDER_EMAIL)

    found = marks(made)

    assert [found[one].no_reminders for one in (asked, silent)] == [False, True]


def test_nothing_is_said_of_reminders_when_the_appointment_is_over() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))

    with clock.travelled(timedelta(days=2)):
        assert not marks(made)[booked.id].no_reminders


def test_the_statements_are_the_same_however_many_appointments_there_are() -> None:
    made = make_practice()
    visit_type = make_visit_type(made)
    counts = []
    for hour in (9, 10, 11):
        with wearing(Role.DESK):
            book_at_desk(
                made.keys, made.actor, type_id(visit_type), in_days(1, hour), make_person(last_name=f"Stunde {hour}")
            )
        with CaptureQueriesContext(connections["desk"]) as queries:
            marks(made)
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_nobody_has_no_marks() -> None:
    made = make_practice()

    assert marks(made) == {}
    assert Marks() == NO_MARKS
