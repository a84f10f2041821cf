from __future__ import annotations

import pytest
from django.test import Client

from sprechzeit.booking.models import Appointment
from sprechzeit.practices.models import VisitType
from tests.booking.booked import rows
from tests.factories import Made, in_days, make_practice, make_visit_type, open_up, visitor
from tests.web.front.walk import TYPED, details_url, people
from tests.web.page import Page

EVERYTHING = {
    **TYPED,
    "phone": "030 1234567",
    "birth_date": "1.2.1980",
    "insurance": "private",
    "message": "Ich komme mit dem Rollstuhl.",
}


def practice(**fields: str) -> Made:
    made = make_practice(**{"phone_purpose": "", **fields})
    open_up(made, made.clinicians[0], in_days(1, 9), in_days(1, 12))
    return made


def send(client: Client, made: Made, visit_type: VisitType, hour: int, **typed: str) -> None:
    """Everything that a form could send, whether it asks for it or not."""
    answer = client.post(details_url(client, made, visit_type, in_days(1, hour)), typed)
    assert answer.status_code == 303


def asked(made: Made, **visit_type: object) -> set[str]:
    page = Page(visitor().get(details_url(visitor(), made, make_visit_type(made, **visit_type), in_days(1, 9))))
    return set(page.form(with_field="first_name").fields)


def test_beside_name_and_address_nothing_is_asked_that_the_practice_has_not_switched_on() -> None:
    made = practice()

    assert not asked(made) & {"phone", "birth_date", "insurance", "message"}


@pytest.mark.parametrize(
    ("purpose", "field"),
    [
        ("phone_purpose", "phone"),
        ("birth_date_purpose", "birth_date"),
        ("insurance_purpose", "insurance"),
        ("note_purpose", "message"),
    ],
)
def test_each_field_is_asked_with_its_purpose_and_kept(purpose: str, field: str) -> None:
    made = practice(**{purpose: "Weil wir es so wollen."})
    visit_type = make_visit_type(made)
    client = visitor()

    text = client.get(details_url(client, made, visit_type, in_days(1, 9))).content.decode()
    send(client, made, visit_type, 10, **EVERYTHING)

    assert "Weil wir es so wollen." in text
    (who,) = people(made)
    kept = {name for name in ("phone", "birth_date", "insurance", "message") if getattr(who, name)}
    assert kept == {field}


def test_what_is_not_asked_is_not_kept_even_when_it_is_sent() -> None:
    made = practice()

    send(visitor(), made, make_visit_type(made), 9, **EVERYTHING)

    (who,) = people(made)
    assert (who.phone, who.birth_date, who.insurance, who.message) == ("", None, "", "")


def test_a_visit_type_with_an_age_asks_for_the_birth_date_and_a_phone_visit_needs_a_number() -> None:
    made = practice()

    assert "birth_date" in asked(made, max_age=12)
    visit_type = make_visit_type(made, modality="phone")
    client = visitor()
    answer = client.post(details_url(client, made, visit_type, in_days(1, 10)), TYPED)
    assert set(Page(answer).errors) == {"phone"}


def test_a_parent_books_for_a_child_and_both_names_are_kept() -> None:
    made = practice()

    send(visitor(), made, make_visit_type(made), 9, **{**TYPED, "first_name": "Mia", "booker": "Erika Muster"})

    (who,) = people(made)
    assert (who.first_name, who.booker) == ("Mia", "Erika Muster")


def test_who_is_too_old_is_told_at_the_birth_date_and_nothing_typed_is_lost() -> None:
    made = practice()
    visit_type = make_visit_type(made, max_age=12)
    client = visitor()

    answer = client.post(
        details_url(client, made, visit_type, in_days(1, 9)), {**TYPED, "birth_date": "1.2.1980", "booker": "Oma"}
    )

    page = Page(answer)
    assert (page.status, set(page.errors)) == (422, {"birth_date"})
    assert page.form(with_field="first_name").fields["booker"] == "Oma"
    assert rows(made, Appointment) == []


def test_what_only_programs_fill_in_books_nothing() -> None:
    made = practice()
    visit_type = make_visit_type(made)
    client = visitor()

    answer = client.post(details_url(client, made, visit_type, in_days(1, 9)), {**TYPED, "homepage": "http://x"})

    assert answer.status_code == 422
    assert rows(made, Appointment) == []
