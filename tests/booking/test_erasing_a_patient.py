from __future__ import annotations

from dataclasses import replace

import pytest

from sprechzeit.booking.erase_patient import erase_patient, what_goes
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import new_id
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.errors import ComingAppointments, PatientChanged, PatientNotFound
from sprechzeit.patients.models import Intake, Patient, PatientMerge
from tests.booking.booked import book_by_phone, events, rows
from tests.booking.test_merging_patients import OTHER, Two
from tests.factories import in_days, make_bookable, make_person


def test_record_intakes_and_what_merges_remember_go_and_appointments_stay_without_a_person() -> None:
    two = Two()
    two.merge()
    (intake,) = rows(two.made, Intake)

    with wearing(Role.DESK):
        erase_patient(two.made.keys, two.made.actor, two.kept, version=2, cancel_coming=True)

    assert [rows(two.made, table) for table in (Patient, Intake, PatientMerge, Occupancy)] == [[], [], [], []]
    appointments = rows(two.made, Appointment)
    assert {(one.patient_id, one.intake_id, one.status) for one in appointments} == {(None, None, "cancelled")}
    assert len(appointments) == 3
    (event,) = events(two.made, "patient.erase")
    assert (event.subjects, event.details) == ([two.kept, intake.id], {"count": 3, "cancelled": 3})


def test_while_appointments_are_coming_it_is_refused_and_nothing_changes() -> None:
    two = Two()

    with wearing(Role.DESK), pytest.raises(ComingAppointments):
        erase_patient(two.made.keys, two.made.actor, two.absorbed, version=1)

    assert two.of(two.absorbed) == two.theirs
    assert len(rows(two.made, Intake)) == 1
    assert {one.status for one in rows(two.made, Appointment)} == {"booked"}


def test_past_appointments_do_not_stand_in_the_way_and_keep_their_status() -> None:
    made, visit_type = make_bookable()
    past = book_by_phone(made, visit_type, in_days(-3, 9))
    assert past.patient_id is not None

    with wearing(Role.DESK):
        erase_patient(made.keys, made.actor, past.patient_id, version=1)

    (appointment,) = rows(made, Appointment)
    assert (appointment.status, appointment.patient_id) == ("booked", None)


def test_other_patients_are_left_alone() -> None:
    two = Two()

    with wearing(Role.DESK):
        erase_patient(two.made.keys, two.made.actor, two.kept, version=1, cancel_coming=True)

    assert two.record(two.absorbed).person == OTHER
    assert two.of(two.absorbed) == two.theirs


def test_what_merges_of_merged_ones_remember_goes_too() -> None:
    from sprechzeit.booking.merge_patients import merge_patients

    two = Two()
    two.merge()
    with wearing(Role.DESK):
        third = create_patient(two.made.keys, two.made.actor, make_person(last_name="Dritte"))
        merge_patients(two.made.keys, two.made.actor, third, two.kept, {}, versions=(1, 2))

        erase_patient(two.made.keys, two.made.actor, third, version=2, cancel_coming=True)

    assert rows(two.made, PatientMerge) == []


def test_a_record_changed_meanwhile_is_not_erased_and_the_same_key_erases_once() -> None:
    two = Two()
    with wearing(Role.DESK):
        correct_patient(two.made.keys, two.made.actor, two.absorbed, replace(OTHER, phone=""), version=1)

        with pytest.raises(PatientChanged):
            erase_patient(two.made.keys, two.made.actor, two.absorbed, version=1, cancel_coming=True)
        for _ in range(2):
            erase_patient(two.made.keys, two.made.actor, two.absorbed, version=2, cancel_coming=True, key="k")

    assert len(events(two.made, "patient.erase")) == 1


def test_nobody_and_another_practices_patient_cannot_be_erased_or_looked_at() -> None:
    two, other = Two(), Two()

    for patient in (new_id(), other.kept):
        with wearing(Role.DESK):
            with pytest.raises(PatientNotFound):
                erase_patient(two.made.keys, two.made.actor, patient, version=1, cancel_coming=True)
            with pytest.raises(PatientNotFound):
                what_goes(two.made.keys, two.made.actor, patient)
    assert len(rows(other.made, Patient)) == 2
