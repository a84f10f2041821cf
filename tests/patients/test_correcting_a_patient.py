from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import pytest

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.errors import PatientChanged, PatientNotFound
from sprechzeit.patients.models import Patient
from sprechzeit.patients.read import Record, open_patient
from sprechzeit.patients.search import search
from sprechzeit.staff.leave import begin_new_data_key
from sprechzeit.vault import key_id_of
from tests.booking.at_once import all_at_once
from tests.booking.booked import events
from tests.factories import Made, make_person, make_practice

PERSON = make_person(last_name="Falsch", birth_date=date(1980, 2, 1), phone="+49301234567")


def with_patient() -> tuple[Made, UUID]:
    made = make_practice()
    with wearing(Role.DESK):
        return made, create_patient(made.keys, made.actor, PERSON)


def stored(made: Made, patient: UUID) -> Record:
    with wearing(Role.DESK), acting_for(made.id):
        return open_patient(made.keys, patient)


def test_the_record_and_the_line_for_the_search_say_the_new_and_the_trail_names_the_fields_only() -> None:
    made, patient = with_patient()
    right = replace(PERSON, last_name="Größer", note="Kommt mit\nRollstuhl.")

    with wearing(Role.DESK):
        changed = correct_patient(made.keys, made.actor, patient, right, version=1)
        found = [one.id for one in search(made.keys, made.actor, "groesser")]

    assert changed == ["last_name", "note"]
    assert (stored(made, patient).person, stored(made, patient).version) == (right, 2)
    assert found == [patient]
    (event,) = events(made, "patient.correct")
    assert (event.subjects, event.details) == ([patient], {"fields": ["last_name", "note"]})


def test_the_note_is_not_in_the_short_line() -> None:
    made, patient = with_patient()

    with wearing(Role.DESK):
        correct_patient(made.keys, made.actor, patient, replace(PERSON, note="x" * 1000), version=1)
        with acting_for(made.id):
            row = Patient.objects.get(id=patient)

    assert len(row.name_sealed) < 200
    assert len(row.record_sealed) > 1000


def test_what_somebody_else_changed_is_not_overwritten() -> None:
    made, patient = with_patient()
    theirs, mine = replace(PERSON, phone="+4930111"), replace(PERSON, email="neu@example.org")

    with wearing(Role.DESK):
        correct_patient(made.keys, made.actor, patient, theirs, version=1)
        with pytest.raises(PatientChanged):
            correct_patient(made.keys, made.actor, patient, mine, version=1)

    assert stored(made, patient).person == theirs


def test_the_same_sent_twice_is_no_conflict_and_one_event() -> None:
    made, patient = with_patient()
    right = replace(PERSON, last_name="Größer")

    with wearing(Role.DESK):
        answers = [correct_patient(made.keys, made.actor, patient, right, version=1) for _ in range(2)]

    assert answers == [["last_name"], []]
    assert len(events(made, "patient.correct")) == 1


def test_of_five_who_correct_at_once_one_does() -> None:
    made, patient = with_patient()
    calls = [
        partial(correct_patient, made.keys, made.actor, patient, replace(PERSON, phone=f"+493012345{n}"), version=1)
        for n in range(5)
    ]

    results, _ = all_at_once(calls, role=Role.DESK)

    assert [one for one in results if one == ["phone"]] == [["phone"]]
    assert len([one for one in results if isinstance(one, PatientChanged)]) == 4


def test_it_is_written_under_the_newest_data_key_by_an_old_session_too() -> None:
    made, patient = with_patient()
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)

        correct_patient(made.keys, made.actor, patient, replace(PERSON, phone=""), version=1)

        with acting_for(made.id):
            row = Patient.objects.get(id=patient)
    assert {key_id_of(bytes(row.name_sealed)), key_id_of(bytes(row.record_sealed))} == {2}


def test_nobodys_and_another_practices_patient_cannot_be_corrected() -> None:
    made, _ = with_patient()
    other, foreign = with_patient()

    for patient in (new_id(), foreign):
        with wearing(Role.DESK), pytest.raises(PatientNotFound):
            correct_patient(made.keys, made.actor, patient, PERSON, version=1)
    assert stored(other, foreign).version == 1
