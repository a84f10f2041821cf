"""The API's sentences are in the language of ``Accept-Language``; its addresses have no language."""

from __future__ import annotations

import pytest

from tests.factories import make_practice, visitor

GERMAN = "Diese Praxis gibt es hier nicht."
ENGLISH = "There is no such practice here."


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("", GERMAN),
        ("en", ENGLISH),
        ("en-GB,en;q=0.9,de;q=0.8", ENGLISH),
        ("de-AT,de;q=0.9,en;q=0.8", GERMAN),
        ("fr,en;q=0.5", ENGLISH),
        ("fr", GERMAN),
        ("*", GERMAN),
        ("en;q=0,de", GERMAN),
        ("ein;;=unsinn,\xe9", GERMAN),
    ],
)
def test_a_problem_is_told_in_the_language_that_is_asked_for(asked: str, title: str) -> None:
    answer = visitor().get("/api/v1/practices/gibt-es-nicht", headers={"accept-language": asked})

    assert answer.json()["title"] == title
    assert answer.headers["Content-Language"] == ("en" if title == ENGLISH else "de")
    assert "accept-language" in answer.headers["Vary"].lower()


def test_an_address_that_does_not_exist_is_told_in_it_too() -> None:
    assert visitor().get("/api/x", headers={"accept-language": "en"}).json()["title"] == "This address does not exist."


def test_what_is_wrong_with_a_person_is_told_in_it() -> None:
    made = make_practice()
    sent = {"hold": "A" * 22, "first_name": "", "last_name": "Lee", "email": "ann@example.org"}

    answer = visitor().post(
        f"/api/v1/practices/{made.practice.slug}/appointments",
        sent,
        "application/json",
        headers={"accept-language": "en"},
    )

    assert answer.json()["errors"] == [{"field": "first_name", "message": "Enter a first name."}]


def test_no_cookie_chooses_the_language() -> None:
    client = visitor()
    client.cookies["django_language"] = "en"

    assert client.get("/api/v1/practices/gibt-es-nicht").json()["title"] == GERMAN


def test_a_page_keeps_the_language_of_its_address() -> None:
    assert visitor().get("/", headers={"accept-language": "en"}).headers["Content-Language"] == "de"
    assert visitor().get("/en/", headers={"accept-language": "de"}).headers["Content-Language"] == "en"
