from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Patient
from sprechzeit.patients.sealed import SEPARATOR, Listed
from sprechzeit.patients.search import SHOWN, could_match, fold, matches, search, understand
from sprechzeit.vault import CannotOpen
from tests.factories import Made, make_person, make_practice

PEOPLE: dict[str, dict[str, Any]] = {
    "müller": {"first_name": "Käthe", "last_name": "Müller", "birth_date": date(1980, 2, 1)},
    "mueller": {"first_name": "Jörg", "last_name": "Mueller", "phone": "+49301234567"},
    "strauß": {"first_name": "Zoë", "last_name": "Strauß", "phone": "+4915112345678"},
    "łęcka": {"first_name": "Ada", "last_name": "Łęcka", "birth_date": date(1980, 2, 1)},
    "çelik": {"first_name": "Nâzım", "last_name": "Çelik"},
    "meyer-landrut": {"first_name": "Lena Marie", "last_name": "Meyer-Landrut", "birth_date": date(1999, 12, 31)},
}


@pytest.fixture(scope="module")
def made(database: None) -> tuple[Made, dict[UUID, str]]:
    made = make_practice()
    with wearing(Role.DESK):
        return made, {
            create_patient(made.keys, made.actor, make_person(**fields)): name for name, fields in PEOPLE.items()
        }


def find(made: tuple[Made, dict[UUID, str]], text: str) -> list[str]:
    practice, names = made
    with wearing(Role.DESK):
        return [names[patient.id] for patient in search(practice.keys, practice.actor, text)]


@pytest.mark.parametrize("typed", ["Müller", "müller", "MÜLLER", "Mueller", "mu\u0308ller", "uelle"])
def test_umlauts_are_found_in_each_spelling(made: Any, typed: str) -> None:
    assert find(made, typed) == ["mueller", "müller"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("strauss", "strauß"),
        ("STRAUẞ", "strauß"),
        ("zoe", "strauß"),
        ("lecka", "łęcka"),
        ("łęc", "łęcka"),
        ("celik", "çelik"),
        ("nazım", "çelik"),
        ("strauß zoë", "strauß"),
        ("landrut", "meyer-landrut"),
        ("meyer-land", "meyer-landrut"),
    ],
)
def test_accents_and_foreign_letters_may_be_left_out(made: Any, typed: str, name: str) -> None:
    assert find(made, typed) == [name]


@pytest.mark.parametrize("typed", ["käthe müller", "Müller, Käthe", "  müll   kä ", "Kaethe Mueller"])
def test_all_words_must_be_in_the_name_in_any_order(made: Any, typed: str) -> None:
    assert find(made, typed) == ["müller"]
    assert find(made, typed + " Ada") == []


@pytest.mark.parametrize(
    "typed",
    ["1.2.1980", "01.02.1980", "01021980", "1980-02-01", "1/2/1980", "1-2-1980", "1. 2. 1980", "1.2.80", "1. 2. 80"],
)
def test_a_birth_date_is_found_in_each_form(made: Any, typed: str) -> None:
    assert find(made, typed) == ["łęcka", "müller"]
    assert find(made, f"{typed} lecka") == ["łęcka"]


def test_a_birth_year_beside_a_name_is_enough(made: Any) -> None:
    assert find(made, "landrut 1999") == ["meyer-landrut"]
    assert find(made, "landrut 1980") == []


@pytest.mark.parametrize("typed", ["Muller", "muller kathe", "Kathe"])
def test_who_types_no_dots_finds_the_umlauts_too(made: Any, typed: str) -> None:
    assert "müller" in find(made, typed)


@pytest.mark.parametrize(
    "typed", ["030 1234567", "030/123 45 67", "+49 30 1234567", "0049301234567", "4567", "(030) 123"]
)
def test_a_phone_number_is_found_by_its_end_or_any_part(made: Any, typed: str) -> None:
    assert "mueller" in find(made, typed)


def test_less_than_three_digits_find_nobody(made: Any) -> None:
    for typed in ("", "  ", "4", "45", "0", "00", ",", ", ,"):
        assert find(made, typed) == []


def test_nobody_of_another_practice_is_found(made: Any) -> None:
    other = make_practice()

    with wearing(Role.DESK):
        assert search(other.keys, other.actor, "müller") == []


@given(st.text(max_size=120))
def test_whatever_is_typed_is_searched_for_and_no_error(made: Any, typed: str) -> None:
    assert set(find(made, typed)) <= set(PEOPLE)


LETTERS = st.text("aeouäöüßéşıŁł mMüÜzZ-'", min_size=1, max_size=8)


@given(
    last=LETTERS, first=LETTERS, born=st.sampled_from(["", "1980-02-01", "1999-12-31"]),
    phone=st.sampled_from(["", "+49301234567"]), email=st.sampled_from(["", "Erika@example.org"]),
    typed=st.one_of(LETTERS, st.sampled_from(["1.2.1980", "1980", "1234", "erika@", "301 23", "31.12.99 m", "ü 1999"])),
    part=st.integers(0, 6),
)  # fmt: skip  # lines grouped by hand
def test_the_quick_look_at_a_line_misses_nobody(
    last: str, first: str, born: str, phone: str, email: str, typed: str, part: int
) -> None:
    line = SEPARATOR.join([last, first, born, phone, email])
    patient = Listed(UUID(int=1), last, first, born, phone, email)
    for text in (typed, f"{last[part:]} {first[:part]}", f"{born} {last}"):
        asked = understand(text)
        if matches(patient, asked):
            assert could_match(asked)(line)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_at_most_twenty_are_shown_by_name_and_exactly_these_are_recorded() -> None:
    made = make_practice()
    with wearing(Role.DESK):
        for number in reversed(range(SHOWN + 5)):
            create_patient(made.keys, made.actor, make_person(last_name=f"Muster {number:02}"))

        shown = search(made.keys, made.actor, "muster")

        assert [patient.last_name for patient in shown] == [f"Muster {number:02}" for number in range(SHOWN)]
        with acting_for(made.id):
            event = Event.objects.get(practice=made.id, action="patient.search")
        assert event.subjects == [patient.id for patient in shown]
        assert (event.actor, event.details) == (str(made.member), {"count": SHOWN})


def test_a_search_that_finds_nobody_is_not_recorded() -> None:
    made = make_practice()

    with wearing(Role.DESK):
        search(made.keys, made.actor, "muster")
        with acting_for(made.id):
            assert not Event.objects.filter(practice=made.id).exists()


def test_what_is_found_shows_nothing_when_printed(made: Any) -> None:
    practice, _ = made
    with wearing(Role.DESK):
        found = search(practice.keys, practice.actor, "müller")

    assert "ller" not in repr(found) + str(found)


def test_a_line_that_was_swapped_for_another_patients_cannot_be_opened() -> None:
    made = make_practice()
    with wearing(Role.DESK):
        for last_name in ("Eins", "Zwei"):
            create_patient(made.keys, made.actor, make_person(last_name=last_name))
        with acting_for(made.id):
            first, second = Patient.objects.filter(practice=made.id)
            Patient.objects.filter(id=first.id).update(name_sealed=second.name_sealed)

        with pytest.raises(CannotOpen):
            search(made.keys, made.actor, "muster")


@pytest.mark.parametrize("typed", ["kaethe.g@", "KAETHE.G@example", "@example.com", "kaethe.g@example.com größer"])
def test_an_email_address_is_found_by_any_part_that_has_the_at_sign(typed: str) -> None:
    made = make_practice()
    with wearing(Role.DESK):
        wanted = create_patient(made.keys, made.actor, make_person(last_name="Größer", email="Kaethe.G@example.com"))
        create_patient(made.keys, made.actor, make_person(last_name="Kaethe.g", email="andere@example.org"))

        assert [one.id for one in search(made.keys, made.actor, typed)] == [wanted]
        assert search(made.keys, made.actor, "@") == []
