from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.match import SHOWN, Likeness, alike, find_matches, slips
from sprechzeit.patients.sealed import Listed
from tests.factories import make_person, make_practice

BORN = date(1980, 2, 1)


def listed(last_name: str, first_name: str, born: date | None = BORN, phone: str = "", email: str = "") -> Listed:
    return Listed(new_id(), last_name, first_name, born.isoformat() if born else "", phone, email)


def likeness(one: Listed, **person: object) -> Likeness | None:
    values = {"first_name": "Käthe", "last_name": "Müller", "birth_date": BORN, "email": "", **person}
    found = alike([one], make_person(**values))
    return found[0][1] if found else None


@pytest.mark.parametrize(("last", "first"), [("Müller", "Käthe"), ("MUELLER", "Kaethe"), ("mu\u0308ller", "Käthe")])
def test_the_same_name_and_birth_date_are_the_same_in_every_spelling(last: str, first: str) -> None:
    assert likeness(listed(last, first)) == Likeness.SAME


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("Käthe", "Müller"),  # swapped
        ("Müler", "Käthe"),  # a letter missing
        ("Müllers", "Käthe"),  # a letter too many
        ("Möller", "Käthe"),  # a letter wrong
        ("Mülelr", "Käthe"),  # two swapped
        ("Müller", "Käte"),
        ("Müller", "Käthe Maria"),
        ("Müller", "Käthe-Maria"),
        ("Kähte", "Müller"),  # swapped and a slip
    ],
)
def test_with_the_same_birth_date_a_slip_of_the_pen_is_similar(last: str, first: str) -> None:
    assert likeness(listed(last, first)) == Likeness.SIMILAR_NAME


@pytest.mark.parametrize(
    ("last", "first"), [("Schmidt", "Käthe"), ("Müller", "Ute"), ("Möler", "Käthe"), ("Müler", "Käte"), ("Müller", "")]
)
def test_more_than_one_slip_is_somebody_else(last: str, first: str) -> None:
    assert likeness(listed(last, first)) is None


def test_the_same_name_with_another_birth_date_or_none_is_nobody() -> None:
    assert likeness(listed("Müller", "Käthe", date(1981, 2, 1))) is None
    assert likeness(listed("Müller", "Käthe", None)) is None
    assert likeness(listed("Müller", "Käthe", None), birth_date=None) is None


def test_the_same_phone_or_email_is_told_whatever_the_name_but_nothing_is_not_the_same_as_nothing() -> None:
    other = listed("Schmidt", "Ute", None, "+4930111", "Ute@example.org")

    assert likeness(other, phone="+4930111") == Likeness.SAME_CONTACT
    assert likeness(other, email="ute@EXAMPLE.org") == Likeness.SAME_CONTACT
    assert likeness(listed("Schmidt", "Ute", None), phone="", email="") is None


def test_the_likeliest_come_first_a_shared_phone_only_without_them_at_most_five_and_these_are_recorded() -> None:
    made = make_practice()
    person = make_person(birth_date=BORN, phone="+4930111")
    with wearing(Role.DESK):
        for number in range(SHOWN + 3):
            create_patient(made.keys, made.actor, make_person(last_name=f"Anders {number}", phone="+4930111"))
        swapped = create_patient(
            made.keys, made.actor, make_person(first_name="Muster", last_name="Erika", birth_date=BORN)
        )
        same = create_patient(made.keys, made.actor, person)

        found = find_matches(made.keys, made.actor, person)
        without = find_matches(made.keys, made.actor, person, but=same)

        with acting_for(made.id):
            event = Event.objects.filter(practice=made.id, action="patient.search").order_by("number").first()
    ids: list[UUID] = [one.patient.id for one in found]
    assert ids == [same, swapped]
    assert without[0].patient.id == swapped
    assert len(without) == SHOWN
    assert event is not None
    assert event.subjects == ids


def test_nobody_of_another_practice_is_suggested() -> None:
    made, other = make_practice(), make_practice()
    with wearing(Role.DESK):
        create_patient(other.keys, other.actor, make_person(birth_date=BORN))

        assert find_matches(made.keys, made.actor, make_person(birth_date=BORN)) == []


@given(st.text(max_size=8), st.integers(0, 8), st.characters())
def test_one_letter_put_in_anywhere_is_at_most_one_slip_from_both_sides(text: str, place: int, letter: str) -> None:
    longer = text[:place] + letter + text[place:]

    assert slips(text, longer) == slips(longer, text)
    assert slips(text, longer) == (1 if text else 2)
    assert slips(text, text) == 0
