"""A new patient without an appointment; who is there already is shown before there are two."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tests.factories import at_desk, make_practice
from tests.web.desk.furnish import rows
from tests.web.desk.test_patient_card import make_patient
from tests.web.desk.test_patient_correct import stored
from tests.web.page import Page

TYPED = {"last_name": "Größer", "first_name": "Käthe", "birth_date": "1.2.1980", "phone": "", "email": "", "note": "x"}


def test_it_is_entered_once_however_often_the_form_is_sent() -> None:
    made = make_practice()
    client = at_desk(made)
    form = Page(client.get("/desk/patienten/neu/")).form(with_field="last_name")

    answers = [form.send(client, **TYPED, **more) for more in ({}, {})]
    again = client.post(form.action, {**form.fields, **TYPED, "trotzdem": "1"})

    assert answers[0].status_code == 302
    assert answers[1].status_code == 409
    assert again.headers["Location"] == answers[0].headers["Location"]
    assert rows(made)[2] == 1
    person = stored(made, UUID(answers[0].headers["Location"].split("/")[-2])).person
    assert (person.listed_name, person.note) == ("Größer, Käthe", "x")


def test_who_has_the_same_name_and_birth_date_is_shown_first_and_a_second_record_is_a_decision() -> None:
    made = make_practice()
    patient = make_patient(made, last_name="GROESSER", first_name="Käthe", birth_date=date(1980, 2, 1))
    client = at_desk(made)

    shown = client.post("/desk/patienten/neu/", {**TYPED, "key": "a"})

    page = Page(shown)
    assert shown.status_code == 409
    assert f"/desk/patient/{patient}/" in page.links
    assert rows(made)[2] == 1
    form = page.form(with_field="last_name")
    assert form.fields["last_name"] == "Größer"
    assert form.send(client, ("trotzdem", "1"), note="x").status_code == 302
    assert rows(made)[2] == 2


@pytest.mark.parametrize(("field", "wrong"), [("last_name", ""), ("birth_date", "31.02.1980"), ("note", "x" * 1001)])
def test_a_wrong_field_is_told_and_what_was_typed_stays(field: str, wrong: str) -> None:
    made = make_practice()

    answer = at_desk(made).post("/desk/patienten/neu/", {**TYPED, field: wrong})

    page = Page(answer)
    assert answer.status_code == 422
    assert page.errors[field]
    assert page.form(with_field="last_name").fields["first_name"] == "Käthe"
    assert rows(made)[2] == 0


def test_the_search_leads_to_it() -> None:
    made = make_practice()

    assert "/desk/patienten/neu/" in Page(at_desk(made).post("/desk/patienten/", {"q": "niemand"})).links
