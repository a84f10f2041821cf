from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import ResourceId, VisitTypeId, new_id
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Patient
from sprechzeit.patients.sealed import open_person
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import in_days, make_bookable, make_person, make_visit_type, type_id
from tests.patients.own_keys import own_key


def test_a_new_patient_is_written_with_the_appointment() -> None:
    made, visit_type = make_bookable()

    booked = book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Größer"))

    (patient,) = rows(made, Patient)
    assert booked.patient_id == patient.id
    assert (booked.source, booked.intake_id, booked.manage_hash) == ("desk", None, None)
    own = own_key(made, patient.id)
    assert open_person(made.keys, patient.id, bytes(patient.record_sealed), own).last_name == "Größer"
    (event,) = events(made, "appointment.book")
    assert (event.subjects, event.details) == ([booked.id, patient.id], {"source": "desk", "overbooked": False})


def test_a_known_patient_gets_another_appointment() -> None:
    made, visit_type = make_bookable()
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())

    booked = book_by_phone(made, visit_type, in_days(1, 9), patient)

    assert booked.patient_id == patient
    assert len(rows(made, Patient)) == 1


def test_a_patient_who_is_not_here_cannot_be_booked() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    with wearing(Role.DESK):
        foreign = create_patient(other.keys, other.actor, make_person())

    for patient in (foreign, new_id()):
        with pytest.raises(NotBookable) as refusal:
            book_by_phone(made, visit_type, in_days(1, 9), patient)
        assert refusal.value.field == "patient"

    assert rows(made, Appointment) == rows(made, Occupancy) == []


def test_a_taken_time_leaves_no_trace_of_the_new_patient() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(1, 9))

    with pytest.raises(SlotTaken) as refusal:
        book_by_phone(made, visit_type, in_days(1, 9))

    assert refusal.value.alternatives[0].start == in_days(1, 9, 30)
    assert rows(made, Patient) == rows(made, Appointment) == []
    assert events(made, "patient.create") == events(made, "appointment.book") == []
    assert len(rows(made, Hold)) == 1


def test_the_desk_may_book_outside_the_openings_off_the_grid_and_without_lead_time() -> None:
    made, visit_type = make_bookable(lead_minutes=10_000, horizon_days=1, online=False)

    booked = book_by_phone(made, visit_type, in_days(3, 20, 7))

    assert booked.starts_at == in_days(3, 20, 7)


def test_the_buffers_are_taken_too() -> None:
    made, visit_type = make_bookable(buffer_before_minutes=10, buffer_after_minutes=5)
    book_by_phone(made, visit_type, in_days(1, 9))

    (row,) = rows(made, Occupancy)
    assert (row.starts_at, row.ends_at) == (in_days(1, 8, 50), in_days(1, 9, 35))
    with pytest.raises(SlotTaken):
        book_by_phone(made, visit_type, in_days(1, 9, 44))
    assert book_by_phone(made, visit_type, in_days(1, 9, 45))


def test_whom_the_desk_asks_for_is_booked_or_nobody() -> None:
    made, visit_type = make_bookable(clinicians=2)
    second = ResourceId(made.clinicians[1].id)

    with wearing(Role.DESK):
        booked = book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person(), resource=second)
        with pytest.raises(SlotTaken) as refusal:
            book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person(), resource=second)

    assert booked.resource_ids == [second]
    assert {slot.resources for slot in refusal.value.alternatives} == {((second,),)}


def test_the_work_is_shared_out_over_the_day() -> None:
    made, visit_type = make_bookable(clinicians=3)

    booked = [book_by_phone(made, visit_type, in_days(1, 9) + timedelta(hours=n)) for n in range(3)]

    assert {one.resource_ids[0] for one in booked} == {one.id for one in made.clinicians}


def test_resources_are_named_in_the_order_of_the_needs() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = made.clinicians
    visit_type = make_visit_type(made, [second], [first])

    assert book_by_phone(made, visit_type, in_days(1, 9)).resource_ids == [second.id, first.id]


def test_a_visit_type_that_is_not_here_cannot_be_booked() -> None:
    made, _ = make_bookable()
    _, foreign = make_bookable()

    for visit_type in (type_id(foreign), VisitTypeId(0)):
        with wearing(Role.DESK), pytest.raises(NotFound):
            book_at_desk(made.keys, made.actor, visit_type, in_days(1, 9), make_person())

    with wearing(Role.DESK), acting_for(made.id):
        assert not Patient.objects.filter(practice=made.id).exists()
