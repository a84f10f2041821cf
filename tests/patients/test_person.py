from __future__ import annotations

import traceback
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.patients.person import InvalidPerson, Person, parse_date, read_person
from tests.factories import make_person

FIELDS = ["first_name", "last_name", "email", "phone", "birth_date", "unknown"]
LIKELY = st.sampled_from(
    [
        "",
        " ",
        "Erika",
        "Großmann",
        "e@example.org",
        "030 1234567",
        "1.2.1980",
        "31.02.1980",
        "01.01.0000",
        "\0",
        "\ud800",
    ]
)
GIVEN = {"first_name": "Erika", "last_name": "Muster", "email": "e@example.org"}


def errors_of(values: dict[str, Any], purpose: str = "", **more: Any) -> dict[str, str]:
    with pytest.raises(InvalidPerson) as refusal:
        read_person({**GIVEN, **values}, birth_date_purpose=purpose, **more)
    return refusal.value.errors


@given(
    data=st.dictionaries(st.sampled_from(FIELDS), LIKELY | st.text() | st.text("0123456789+-/() .", max_size=30)),
    purpose=st.sampled_from(["", "Wegen der Abrechnung"]),
    contact_needed=st.booleans(),
)
def test_whatever_is_typed_is_a_person_or_told_to_be_none(
    data: dict[str, str], purpose: str, contact_needed: bool
) -> None:
    found = taken_or_told(data, birth_date_purpose=purpose, contact_needed=contact_needed)

    if isinstance(found, Person):
        assert Person.from_bytes(found.to_bytes()) == found
        assert found.first_name
        assert found.last_name
    else:
        assert set(found) < set(FIELDS)
        assert found
        assert all(found.values())


def taken_or_told(data: dict[str, str], **how: Any) -> Person | dict[str, str]:
    try:
        return read_person(data, **how)
    except InvalidPerson as refusal:
        return refusal.errors


@given(data=st.dictionaries(st.sampled_from(FIELDS), st.none() | st.integers() | st.lists(st.text()) | st.booleans()))
def test_what_is_no_text_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidPerson):
        read_person(data, birth_date_purpose="")


@given(st.text(), st.text(), st.text(), st.none() | st.dates())
def test_a_person_shows_nothing_when_printed(first: str, last: str, contact: str, birth_date: date | None) -> None:
    person = Person(first, last, contact, contact, birth_date)

    assert repr(person) == str(person) == f"{person}" == "Person(…)"


def test_a_refusal_never_tells_the_value() -> None:
    values = {"first_name": "Geheim\0", "email": "geheim", "phone": "geheim", "birth_date": "geheim"}

    with pytest.raises(InvalidPerson) as refusal:
        read_person(values, birth_date_purpose="Abrechnung")

    told = "".join(traceback.format_exception_only(refusal.value)) + str(refusal.value.errors) + refusal.value.message
    assert "eheim" not in told
    assert set(refusal.value.errors) == {"first_name", "last_name", "email", "phone", "birth_date"}


def test_names_are_trimmed_and_composed() -> None:
    person = read_person({**GIVEN, "first_name": "  Ka\u0308the "}, birth_date_purpose="")

    assert person.first_name == "Käthe"


@pytest.mark.parametrize("field", ["first_name", "last_name"])
@pytest.mark.parametrize("value", ["", "   ", "x" * 81, "a\nb", "a\u202eb", "\ud800", "\x1f"])
def test_a_name_is_one_line_of_at_most_eighty_letters(field: str, value: str) -> None:
    assert list(errors_of({field: value})) == [field]


def test_one_way_to_reach_them_is_needed_except_at_the_desk() -> None:
    nobody = {"email": "", "phone": ""}

    assert list(errors_of(nobody)) == ["email"]
    assert read_person({**GIVEN, **nobody}, birth_date_purpose="", contact_needed=False).email == ""
    assert read_person({**GIVEN, "email": "", "phone": "0301234567"}, birth_date_purpose="").phone == "+49301234567"


@pytest.mark.parametrize("typed", ["030 1234567", "+49 30 1234567", "0049 30 1234567", "(030) 123-45 67"])
def test_phone_numbers_are_kept_in_the_international_form(typed: str) -> None:
    assert read_person({**GIVEN, "phone": typed}, birth_date_purpose="").phone == "+49301234567"


def test_the_birth_date_is_not_kept_where_nobody_needs_it() -> None:
    assert read_person({**GIVEN, "birth_date": "1.2.1980"}, birth_date_purpose="").birth_date is None
    assert read_person({**GIVEN, "birth_date": "nonsense"}, birth_date_purpose="").birth_date is None
    assert list(errors_of({}, "Abrechnung")) == ["birth_date"]


@pytest.mark.parametrize(
    "typed", ["1.2.1980", "01.02.1980", "1-2-1980", "1/2/1980", "1 2 1980", "01021980", "1980-02-01"]
)
def test_birth_dates_are_read_in_each_usual_form(typed: str) -> None:
    person = read_person({**GIVEN, "birth_date": typed}, birth_date_purpose="Abrechnung")

    assert person.birth_date == date(1980, 2, 1)


@pytest.mark.parametrize(
    "typed", ["31.2.1980", "1.13.1980", "0.1.1980", "1.1.0000", "1980", "1.2.80", "١.٢.١٩٨٠", "gestern"]
)
def test_dates_that_do_not_exist_are_refused(typed: str) -> None:
    assert list(errors_of({"birth_date": typed}, "Abrechnung")) == ["birth_date"]


def test_nobody_was_born_tomorrow_or_before_the_oldest() -> None:
    today = clock.now().date()

    for day in (today + timedelta(days=2), today.replace(year=today.year - 131, day=1)):
        assert list(errors_of({"birth_date": day.isoformat()}, "Abrechnung")) == ["birth_date"]
    assert read_person({**GIVEN, "birth_date": today.isoformat()}, birth_date_purpose="Abrechnung").birth_date == today


@given(st.dates())
def test_every_date_is_read_back_from_its_german_form(day: date) -> None:
    assert parse_date(f"{day.day}.{day.month}.{day.year:04}") == day
    assert parse_date(day.isoformat()) == day


def test_a_person_made_by_the_factory_survives_sealing_and_opening() -> None:
    person = make_person(birth_date=date(1980, 2, 1), phone="+49301234567")

    assert Person.from_bytes(person.to_bytes()) == person
