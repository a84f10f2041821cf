"""Whatever erases a record, its own key goes first and in the same transaction; nothing is left over on either side."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.db.utils import ProgrammingError

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.enter_patient import enter_patient
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment, AppointmentNote, Hold, Occupancy, PatientNote
from sprechzeit.booking.note import note_of, write_note
from sprechzeit.booking.prune import prune
from sprechzeit.booking.settle_note import settle_note
from sprechzeit.booking.write_to_practice import answer_practice, correct_contact
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.intake import put_in
from sprechzeit.patients.merge import REVERSIBLE, forget_merges
from sprechzeit.patients.models import Intake, Patient, RecordKey
from sprechzeit.patients.rotate import UNDER_THE_DATA_KEY
from sprechzeit.practices.models import Practice
from sprechzeit.rights.delete_own import delete_own
from tests.booking.booked import book_by_phone, rows
from tests.booking.test_merging_patients import Two
from tests.factories import Made, book, in_days, make_bookable, make_person, make_practice, type_id

RECORDS = """
    select id from patient where practice_id = %(practice)s
    union select id from intake where practice_id = %(practice)s
    union select id from patient_note where practice_id = %(practice)s and sealed is not null
    union select request_id from rights_text where practice_id = %(practice)s
    union select appointment_id from appointment_note where practice_id = %(practice)s
    union select absorbed from patient_merge where practice_id = %(practice)s
    union select kept from patient_merge where practice_id = %(practice)s
"""
UNDER_A_KEY_OF_THEIR_OWN = """
    select event_object_table from information_schema.triggers
    where trigger_name = event_object_table || '_key_first'
        and event_manipulation = 'DELETE' and action_timing = 'BEFORE'
"""


def as_owner(made: Made, query: str) -> list[tuple]:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("select set_config('sprechzeit.practice', %s, true)", [str(made.id)])
        cursor.execute(query, {"practice": made.id})
        return cursor.fetchall() if cursor.description else []


def records(made: Made) -> set[UUID]:
    return {record for (record,) in as_owner(made, RECORDS)}


def keys(made: Made) -> set[UUID]:
    return {record for (record,) in as_owner(made, "select record from record_key where practice_id = %(practice)s")}


def test_the_database_takes_the_key_of_every_table_that_has_one() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(UNDER_A_KEY_OF_THEIR_OWN)
        found = {table for (table,) in cursor.fetchall()}

    assert found == {one.table for one in UNDER_THE_DATA_KEY if one.key_of} | {"intake", "patient_note", "rights_text"}


def test_an_erased_patient_takes_all_keys_along_those_of_merged_records_too() -> None:
    two = Two()
    with wearing(Role.DESK):
        write_note(two.made.keys, two.made.actor, two.own, "Bringt Befund mit.", seen="")
    before = keys(two.made)
    two.merge()
    merged = keys(two.made)

    with wearing(Role.DESK):
        erase_patient(two.made.keys, two.made.actor, two.kept, version=2, cancel_coming=True)

    assert len(before) == 4  # two records, an intake, a comment
    assert merged == before
    assert keys(two.made) == records(two.made) == set()


def test_of_two_merged_records_both_keys_stay_while_it_can_be_undone() -> None:
    two = Two()
    two.merge()

    two.undo()

    assert keys(two.made) == records(two.made)
    assert {two.kept, two.absorbed} <= keys(two.made)
    two.merge()
    with clock.travelled(REVERSIBLE + timedelta(hours=1)), wearing(Role.WORKER):
        assert forget_merges(two.made.id) == 1
    assert keys(two.made) == records(two.made)
    assert two.absorbed not in keys(two.made)
    assert two.kept in keys(two.made)


def test_in_a_chain_of_merges_each_key_goes_with_the_last_thing_under_it() -> None:
    two = Two()
    two.merge()
    with wearing(Role.DESK):
        third = enter_patient(two.made.keys, two.made.actor, make_person(last_name="Dritte"))
    first = two.absorbed
    with clock.travelled(timedelta(days=10)):
        two.kept, two.absorbed = third, two.kept
        two.merge()
    assert keys(two.made) >= {first, two.kept, two.absorbed}

    with clock.travelled(REVERSIBLE + timedelta(hours=1)), wearing(Role.WORKER):
        forget_merges(two.made.id)
    between = keys(two.made)
    with clock.travelled(REVERSIBLE + timedelta(days=11)), wearing(Role.WORKER):
        forget_merges(two.made.id)

    assert (first in between, two.absorbed in between) == (False, True)
    assert keys(two.made) == records(two.made)
    assert two.absorbed not in keys(two.made)


def test_what_a_patient_deletes_by_the_link_takes_its_keys_along() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Ich komme später.")
    assert len(keys(made)) == 2

    delete_own(made.id, booked.manage_secret)

    assert keys(made) == records(made) == set()


def test_a_hold_whose_code_never_came_takes_its_key_along() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(1, 9))
    with acting_for(made.id):
        intake = put_in(made.id, make_person(), bytes(made.practice.public_key))
        Hold.objects.filter(practice=made.id).update(intake=intake)

    with clock.travelled(timedelta(hours=3)), wearing(Role.WORKER):
        prune(made.id)

    assert keys(made) == records(made) == set()
    assert rows(made, Intake) == []


def test_an_intake_that_is_replaced_takes_its_key_along() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))
    with acting_for(made.id):
        intake = put_in(made.id, make_person(), bytes(made.practice.public_key))
        Hold.objects.filter(practice=made.id).update(intake=intake)

    confirm(made.id, held.secret, make_person())

    assert len(keys(made)) == 1
    assert keys(made) == records(made) != {intake}


def test_a_comment_that_is_emptied_takes_its_key_along_and_a_new_one_has_another() -> None:
    made, visit_type = make_bookable()
    appointment = book_by_phone(made, visit_type, in_days(1, 9)).id
    with wearing(Role.DESK):
        write_note(made.keys, made.actor, appointment, "eins", seen="")
        with acting_for(made.id):
            seen = note_of(made.keys, appointment).seen
            first = bytes(RecordKey.objects.get(record=appointment).key)
        write_note(made.keys, made.actor, appointment, "", seen=seen)
        assert appointment not in keys(made)
        write_note(made.keys, made.actor, appointment, "zwei", seen="")
        with acting_for(made.id):
            assert bytes(RecordKey.objects.get(record=appointment).key) != first
            assert note_of(made.keys, appointment).text == "zwei"

    assert keys(made) == records(made)


def test_contact_data_that_is_settled_takes_its_key_along_though_its_row_stays() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    correct_contact(made.id, booked.manage_secret, email="neu@example.org", phone="")
    (note,) = rows(made, PatientNote)
    assert note.id in keys(made)

    with wearing(Role.DESK):
        settle_note(made.id, made.actor, note.id)

    assert len(rows(made, PatientNote)) == 1
    assert keys(made) == records(made)
    assert note.id not in keys(made)


def test_an_appointment_that_goes_takes_the_keys_of_its_notes_along() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Bis dann.")
    with wearing(Role.DESK):
        write_note(made.keys, made.actor, booked.appointment_id, "Rollstuhl", seen="")
        with acting_for(made.id):
            # In the database alone, as a cascade: no code of ours deletes the notes.
            Occupancy.objects.filter(appointment=booked.appointment_id).delete()
            Appointment.objects.filter(id=booked.appointment_id)._raw_delete(current_alias())

    assert [rows(made, table) for table in (AppointmentNote, PatientNote)] == [[], []]
    assert keys(made) == records(made)
    assert len(keys(made)) == 1  # the intake


def test_a_correction_and_an_acceptance_keep_the_keys() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
        before = keys(made)
        correct_patient(made.keys, made.actor, patient, make_person(last_name="Anders"), version=1)

    assert keys(made) == before == records(made)
    assert len(before) == 2


def test_a_row_that_stays_because_its_transaction_fails_keeps_its_key() -> None:
    made = make_practice()
    with wearing(Role.DESK):
        patient = enter_patient(made.keys, made.actor, make_person())
        with pytest.raises(RuntimeError), acting_for(made.id):  # noqa: PT012 - the rest is what fails
            Patient.objects.filter(id=patient).delete()
            assert not RecordKey.objects.filter(record=patient).exists()
            raise RuntimeError

    assert keys(made) == {patient}


def test_a_practice_that_goes_leaves_no_key() -> None:
    made, visit_type = make_bookable()
    book(made, visit_type, in_days(1, 9))
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("select set_config('sprechzeit.practice', %s, true)", [str(made.id)])
        Patient.objects.using("owner").filter(practice=made.id).delete()
        cursor.execute("delete from intake where practice_id = %s", [made.id])

    assert keys(made) == set()
    assert Practice.objects.filter(id=made.id).exists()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (Role.FRONT, "select key from record_key"),
        (Role.FRONT, "select record from record_key"),
        (Role.FRONT, "delete from record_key"),
        (Role.FRONT, "update record_key set created_at = created_at"),
        (Role.DESK, "delete from record_key"),
        (Role.DESK, "update record_key set key = key"),
        (Role.WORKER, "select key from record_key"),
        (Role.WORKER, "select record from record_key"),
        (
            Role.WORKER,
            "insert into record_key (practice_id, record, key, created_at) select 1, gen_random_uuid(), '', now()",
        ),
    ],
)
def test_no_role_may_do_more_with_keys_than_it_needs(role: Role, statement: str) -> None:
    made = make_practice()

    with wearing(role), pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):  # noqa: SIM117 - the transaction is what must fail
        with connections[current_alias()].cursor() as cursor:
            cursor.execute(statement)


def test_the_keys_of_another_practice_are_not_seen() -> None:
    made, visit_type = make_bookable()
    book(made, visit_type, in_days(1, 9))
    other = make_practice()

    with wearing(Role.DESK), acting_for(other.id):
        assert list(RecordKey.objects.all()) == []
    assert len(keys(made)) == 1
