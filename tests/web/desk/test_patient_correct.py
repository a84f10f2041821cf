"""Correct a patient at the desk: wrong input is told at its field, a change made meanwhile is shown."""

from __future__ import annotations

from uuid import UUID

import pytest

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.read import Record, open_patient
from tests.factories import Made, at_desk, make_practice
from tests.web.desk.test_patient_card import card_url, make_patient
from tests.web.page import Page


def stored(made: Made, patient: UUID) -> Record:
    with wearing(Role.DESK), acting_for(made.id):
        return open_patient(made.keys, patient)


def correct_url(patient: UUID) -> str:
    return f"{card_url(patient)}berichtigen/"


def test_the_form_holds_what_is_recorded_and_saves_what_is_typed() -> None:
    made = make_practice()
    patient = make_patient(made, last_name="Falsch", note="Zeile 1\nZeile 2")
    client = at_desk(made)
    form = Page(client.get(correct_url(patient))).form(with_field="last_name")

    answer = form.send(
        client, last_name="Größer", birth_date="1.2.1980", phone="030 1234567", email="", note="Neu\r\nzweite Zeile"
    )

    assert form.fields["last_name"] == "Falsch"
    assert answer.headers["Location"] == card_url(patient)
    person = stored(made, patient).person
    assert (person.last_name, person.first_name, person.phone, person.email) == (
        "Größer", "Erika", "+49301234567", ""
    )  # fmt: skip  # lines grouped by hand
    assert (str(person.birth_date), person.note) == ("1980-02-01", "Neu\nzweite Zeile")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("last_name", ""),
        ("first_name", "x" * 81),
        ("birth_date", "30.02.1980"),
        ("phone", "keine"),
        ("email", "keine"),
        ("note", "x" * 1001),
        ("note", "a\x00b"),
    ],
)
def test_a_wrong_field_is_told_and_what_was_typed_stays(field: str, wrong: str) -> None:
    made = make_practice()
    patient = make_patient(made)
    client = at_desk(made)
    typed = {"last_name": "Neu", "first_name": "Ute", "birth_date": "1.2.1980", "phone": "", "email": "", "note": ""}

    answer = client.post(correct_url(patient), {**typed, field: wrong, "version": "1"})

    page = Page(answer)
    assert answer.status_code == 422
    assert page.errors[field]
    form = page.form(with_field="last_name")
    assert {name: form.fields[name] for name in typed if name != "note"} == {
        name: value for name, value in {**typed, field: wrong}.items() if name != "note"
    }
    assert wrong in answer.content.decode()
    assert (stored(made, patient).person.last_name, stored(made, patient).version) == ("Muster", 1)


def test_a_change_made_meanwhile_is_shown_beside_what_was_typed_and_not_overwritten() -> None:
    made = make_practice()
    patient = make_patient(made, email="alt@example.org", note="eins\nzwei")
    client = at_desk(made)
    mine = Page(client.get(correct_url(patient))).form(with_field="last_name")
    theirs = Page(client.get(correct_url(patient))).form(with_field="last_name")
    theirs.send(client, phone="030 7654321", email="ihre@example.org", note="eins\nzwei")

    refused = mine.send(client, last_name="Meins", email="meine@example.org", note="eins\r\nzwei")

    page = Page(refused)
    form = page.form(with_field="last_name")
    assert refused.status_code == 409
    assert "ihre@example.org" in page.text  # both changed it
    assert "Muster" not in page.text.split("Nachname")[1]  # only I did
    assert (form.fields["last_name"], form.fields["email"], form.fields["phone"]) == (
        "Meins", "meine@example.org", "+49307654321"
    )  # fmt: skip  # lines grouped by hand
    assert stored(made, patient).person.email == "ihre@example.org"

    assert form.send(client, note="eins\nzwei").status_code == 302
    person = stored(made, patient).person
    assert (person.last_name, person.email, person.phone) == ("Meins", "meine@example.org", "+49307654321")


def test_a_form_that_does_not_tell_what_it_began_with_loses_nothing_either() -> None:
    made = make_practice()
    patient = make_patient(made)
    client = at_desk(made)
    client.post(correct_url(patient), {"last_name": "Ihres", "first_name": "Eva", "version": "1"})

    refused = client.post(correct_url(patient), {"last_name": "Meins", "first_name": "Eva", "version": "1"})

    assert refused.status_code == 409
    assert "Ihres" in Page(refused).text
    assert Page(refused).form(with_field="last_name").fields["last_name"] == "Meins"


@pytest.mark.parametrize("version", ["", "²", "9" * 400, "-1"])
def test_without_a_version_nothing_is_changed(version: str) -> None:
    made = make_practice()
    patient = make_patient(made)

    answer = at_desk(made).post(correct_url(patient), {"last_name": "X", "first_name": "Y", "version": version})

    assert answer.status_code == 422
    assert stored(made, patient).version == 1
