from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from sprechzeit.booking.accept import accept
from sprechzeit.booking.errors import AppointmentNotFound, WrongStatus
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.patients.sealed import open_person
from sprechzeit.vault import CannotOpen
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, book_online, events, rows
from tests.factories import in_days, make_bookable, make_person
from tests.patients.own_keys import own_key


def test_an_accepted_intake_is_a_patient_record_of_its_own() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9), make_person(last_name="Größer"))

    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)

    (record,) = rows(made, Patient)
    (appointment,) = rows(made, Appointment)
    (intake,) = rows(made, Intake)
    assert record.id == appointment.patient_id == patient
    own = own_key(made, patient)
    assert open_person(made.keys, patient, bytes(record.record_sealed), own) == make_person(last_name="Größer")
    assert intake.accepted_at is not None
    assert [event.subjects for event in events(made, "intake.accept")] == [[intake.id, patient]]


def test_what_has_a_record_already_is_not_accepted() -> None:
    made, visit_type = make_bookable()
    online = book_online(made, visit_type, in_days(1, 9))
    by_phone = book_by_phone(made, visit_type, in_days(1, 10))

    with wearing(Role.DESK):
        accept(made.keys, made.actor, online.appointment_id)
        for appointment in (online.appointment_id, by_phone.id):
            with pytest.raises(WrongStatus):
                accept(made.keys, made.actor, appointment)

    assert len(rows(made, Patient)) == 2


def test_of_five_who_accept_at_once_one_makes_the_record() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9))

    results, _ = all_at_once([partial(accept, made.keys, made.actor, booked.appointment_id)] * 5, role=Role.DESK)

    assert len([one for one in results if isinstance(one, UUID)]) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {WrongStatus}
    assert len(rows(made, Patient)) == 1


def test_another_practices_intake_cannot_be_accepted() -> None:
    made, _ = make_bookable()
    other, visit_type = make_bookable()
    foreign = book_online(other, visit_type, in_days(1, 9))

    for appointment in (foreign.appointment_id, new_id()):
        with wearing(Role.DESK), pytest.raises(AppointmentNotFound):
            accept(made.keys, made.actor, appointment)

    assert rows(other, Patient) == []


def test_a_tampered_intake_leaves_no_record() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK), acting_for(made.id):
        (intake,) = Intake.objects.filter(practice=made.id)
        sealed = bytes(intake.sealed)
        Intake.objects.filter(id=intake.id).update(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))

    with wearing(Role.DESK), pytest.raises(CannotOpen):
        accept(made.keys, made.actor, booked.appointment_id)

    assert rows(made, Patient) == []
    assert rows(made, Intake)[0].accepted_at is None
