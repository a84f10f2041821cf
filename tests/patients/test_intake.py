from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import ProgrammingError, connections

from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import new_id
from sprechzeit.patients.intake import accept_intake, open_intakes, put_in
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.patients.person import Person
from sprechzeit.patients.sealed import open_listed, open_person
from sprechzeit.vault import CannotOpen, PracticeKeys
from tests.factories import Made, make_person, make_practice
from tests.patients.own_keys import own_key

PERSON = make_person(
    first_name="Käthe", last_name="Größer", phone="+49301234567", email="k@example.org", birth_date=date(1980, 2, 1)
)


def put(made: Made) -> Intake:
    """As a patient does it, read as the desk does."""
    with acting_for(made.id):
        intake = put_in(made.id, PERSON, bytes(made.practice.public_key))
    with wearing(Role.DESK), acting_for(made.id):
        return Intake.objects.get(id=intake)


def opened(made: Made, intakes: list[Intake]) -> dict[UUID, Person]:
    with wearing(Role.DESK), acting_for(made.id):
        return open_intakes(made.keys, intakes)


def test_what_was_put_in_is_opened_by_the_practice() -> None:
    made = make_practice()
    intake = put(made)

    assert opened(made, [intake]) == {intake.id: PERSON}


def test_nothing_of_it_is_in_the_row() -> None:
    sealed = bytes(put(make_practice()).sealed)

    for word in ("Käthe", "Größer", "1234567", "example", "1980"):
        assert word.encode() not in sealed


def test_another_practice_opens_nothing() -> None:
    made, other = make_practice(), make_practice()

    strangers = PracticeKeys(made.id, other.keys.private, other.keys.keyring)
    intake = put(made)

    with wearing(Role.DESK), acting_for(made.id), pytest.raises(CannotOpen):
        open_intakes(strangers, [intake])


def test_without_its_own_key_it_is_not_there_any_more() -> None:
    made = make_practice()
    intake = put(made)
    with connections["owner"].cursor() as cursor:
        cursor.execute("select set_config('sprechzeit.practice', %s, false)", [str(made.id)])
        cursor.execute("delete from record_key where record = %s", [intake.id])
        cursor.execute("select set_config('sprechzeit.practice', '', false)")

    assert opened(made, [intake]) == {}
    with wearing(Role.DESK), pytest.raises(NotFound):
        accept_intake(made.keys, made.actor, intake.id)


@pytest.mark.parametrize("position", [0, 40, -1])
def test_a_changed_byte_is_noticed(position: int) -> None:
    made = make_practice()
    intake = put(made)
    changed = bytearray(intake.sealed)
    changed[position] ^= 1
    intake.sealed = bytes(changed)

    with pytest.raises(CannotOpen):
        opened(made, [intake])


def test_a_row_under_another_id_is_noticed() -> None:
    made = make_practice()
    first, second = put(made), put(made)
    first.sealed = second.sealed

    with pytest.raises(CannotOpen):
        opened(made, [first])


@pytest.mark.parametrize("sealed", [b"", b"x", b"\0" * 200])
def test_what_was_never_sealed_cannot_be_opened(sealed: bytes) -> None:
    made = make_practice()
    intake = Intake(id=new_id(), practice_id=made.id, sealed=sealed)
    own_key(made, intake.id)

    with pytest.raises(CannotOpen):
        opened(made, [intake])


def test_the_front_cannot_read_what_it_put_in() -> None:
    made = make_practice()
    put(made)

    with acting_for(made.id), pytest.raises(ProgrammingError, match="permission denied"):
        Intake.objects.filter(practice=made.id).values_list("sealed", flat=True).first()


def test_an_accepted_intake_is_a_patient_and_is_kept_but_not_open_any_more() -> None:
    made = make_practice()
    intake = put(made)

    with wearing(Role.DESK):
        patient = accept_intake(made.keys, made.actor, intake.id)
        with pytest.raises(NotFound):
            accept_intake(made.keys, made.actor, intake.id)

        with acting_for(made.id):
            row = Patient.objects.get(practice=made.id)
            assert Intake.objects.get(id=intake.id).accepted_at
            told = list(Event.objects.filter(practice=made.id).order_by("number").values_list("action", "subjects"))
    assert open_person(made.keys, patient, bytes(row.record_sealed), own_key(made, patient)) == PERSON
    (listed,) = open_listed(made.keys, [(row.id, bytes(row.name_sealed), own_key(made, row.id).reveal())])
    assert (listed.name, listed.birth_year, listed.phone, listed.email) == (
        "Größer, Käthe", "1980", "+49301234567", "k@example.org"
    )  # fmt: skip  # lines grouped by hand
    assert told == [("patient.create", [patient]), ("intake.accept", [intake.id, patient])]


def test_another_practices_intake_cannot_be_accepted() -> None:
    made, other = make_practice(), make_practice()
    foreign = put(other)

    for intake in (foreign.id, new_id()):
        with wearing(Role.DESK), pytest.raises(NotFound):
            accept_intake(made.keys, made.actor, intake)


def test_a_record_under_another_patients_id_cannot_be_opened() -> None:
    made = make_practice()
    with wearing(Role.DESK):
        accept_intake(made.keys, made.actor, put(made).id)
        with acting_for(made.id):
            row = Patient.objects.get(practice=made.id)

    own = own_key(made, row.id)
    with pytest.raises(CannotOpen):
        open_person(made.keys, new_id(), bytes(row.record_sealed), own)
    with pytest.raises(CannotOpen):
        open_person(made.keys, row.id, bytes(row.name_sealed), own)
