from __future__ import annotations

import re

import pytest

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import BookingCode, Question, VisitType
from tests.booking.booked import events, rows
from tests.factories import Made, at_desk, make_bookable, make_practice, make_visit_type
from tests.web.desk.settings_of import BASE
from tests.web.page import Page

RULES = {
    "open_to": "new",
    "insurances": ["private", "self"],
    "min_age": "14",
    "max_age": "",
    "most_a_day": "3",
    "most_a_week": "",
    "most_open": "1",
    "access": "referral",
    "released_hours": "24",
    "reserved_hours": "",
    "needs_confirmation": "1",
    "modality": "video",
    "video_link": "https://video.example/praxis",
}


def stored(made: Made) -> VisitType:
    with wearing(Role.DESK), acting_for(made.id):
        return VisitType.objects.filter(practice=made.id).earliest("id")


def test_rules_are_saved_shown_again_and_in_the_trail() -> None:
    made, visit_type = make_bookable()
    client = at_desk(made)
    path = f"{BASE}terminarten/{visit_type.id}/regeln/"

    answer = client.post(path, RULES)

    row = stored(made)
    assert answer.status_code == 302
    assert (row.open_to, row.insurances, row.min_age, row.max_age) == ("new", ["private", "self"], 14, None)
    assert (row.most_a_day, row.most_open, row.access, row.released_hours) == (3, 1, "referral", 24)
    assert (row.needs_confirmation, row.modality, row.video_link) == (True, "video", "https://video.example/praxis")
    page = client.get(path).content.decode()
    assert page.count('name="insurances" value="private" checked') == 1
    assert 'name="insurances" value="statutory" checked' not in page
    (event,) = events(made, "visit-type.change")
    assert "open_to" in event.details["fields"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("min_age", "121"),
        ("max_age", "13"),
        ("most_a_day", "0"),
        ("released_hours", "9999"),
        ("open_to", "nobody"),
        ("insurances", ["magic"]),
        ("video_link", "http://video.example"),
        ("video_link", ""),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(field: str, value: object) -> None:
    made, visit_type = make_bookable()

    answer = at_desk(made).post(f"{BASE}terminarten/{visit_type.id}/regeln/", {**RULES, field: value})

    page = Page(answer)
    assert page.status == 422
    assert set(page.errors) == {field}
    assert stored(made).open_to == "all"


def test_a_code_is_shown_once_and_only_its_hash_is_kept() -> None:
    made, visit_type = make_bookable()
    client = at_desk(made)

    page = client.post(f"{BASE}terminarten/{visit_type.id}/codes/", {"label": "Hausarztpraxis", "uses": "5"})

    code = re.search(r'notice__title">([A-Z2-9]{8})<', page.content.decode())
    assert code is not None
    (row,) = rows(made, BookingCode)
    assert (row.label, row.uses_left) == ("Hausarztpraxis", 5)
    again = client.get(f"{BASE}terminarten/{visit_type.id}/regeln/").content.decode()
    assert "Hausarztpraxis" in again
    assert code[1] not in again


def test_a_code_that_is_withdrawn_is_gone() -> None:
    made, visit_type = make_bookable()
    client = at_desk(made)
    client.post(f"{BASE}terminarten/{visit_type.id}/codes/", {"label": "x"})
    (row,) = rows(made, BookingCode)

    client.post(f"{BASE}terminarten/{visit_type.id}/codes/{row.id}/")

    assert rows(made, BookingCode) == []


def test_questions_are_kept_in_their_order_and_an_empty_one_goes() -> None:
    made, visit_type = make_bookable()
    other = make_visit_type(made)
    client = at_desk(made)
    asked = {
        "text_de-1": "Haben Sie Schmerzen?", "if_yes-1": "other", "if_no-1": "go-on", "other-1": str(other.id),
        "text_de-2": "Brauchen Sie ein Rezept?", "if_yes-2": "stop", "if_no-2": "go-on", "stop_de-2": "Bitte anrufen",
    }  # fmt: skip  # lines grouped by hand

    client.post(f"{BASE}terminarten/{visit_type.id}/fragen/", asked)
    both = [(one.number, one.text_de, one.if_yes, one.other_id) for one in rows(made, Question)]
    client.post(f"{BASE}terminarten/{visit_type.id}/fragen/", {**asked, "text_de-1": ""})

    assert both == [
        (1, "Haben Sie Schmerzen?", "other", other.id),
        (2, "Brauchen Sie ein Rezept?", "stop", None),
    ]
    assert [(one.number, one.text_de) for one in rows(made, Question)] == [(1, "Brauchen Sie ein Rezept?")]


def test_a_question_that_leads_nowhere_is_refused_and_what_was_typed_is_kept() -> None:
    made, visit_type = make_bookable()
    asked = {"text_de-1": "Haben Sie Fieber?", "if_yes-1": "stop", "if_no-1": "go-on"}

    answer = at_desk(made).post(f"{BASE}terminarten/{visit_type.id}/fragen/", asked)

    assert answer.status_code == 422
    assert "Haben Sie Fieber?" in answer.content.decode()
    assert rows(made, Question) == []


def test_rules_of_another_practice_are_not_found() -> None:
    _mine, theirs = make_bookable()

    assert at_desk(make_practice()).post(f"{BASE}terminarten/{theirs.id}/regeln/", RULES).status_code == 404
