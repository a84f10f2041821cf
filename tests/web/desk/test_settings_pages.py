"""Every page of the settings is there for the owner, and says in words when something is wrong."""

from __future__ import annotations

import pytest

from tests.factories import at_desk, make_bookable, make_practice
from tests.web.page import Page

BASE = "/desk/einstellungen/"
PAGES = [
    "",
    "praxis/",
    "aufbewahrung/",
    "standorte/",
    "standorte/neu/",
    "kalender/",
    "kalender/neu/?art=room",
    "terminarten/",
    "terminarten/neu/",
    "abwesenheiten/",
    "abwesenheiten/neu/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_loads_nothing_inline(path: str) -> None:
    made, _ = make_bookable()

    page = Page(at_desk(made).get(BASE + path))

    assert page.status == 200
    assert page.inline == []


def test_pages_of_one_thing_open() -> None:
    made, visit_type = make_bookable()
    client, clinician = at_desk(made), made.clinicians[0].id

    for path in (
        f"standorte/{made.location.id}/",
        f"kalender/{clinician}/",
        f"kalender/{clinician}/stilllegen/",
        f"kalender/{clinician}/sprechzeiten/",
        f"terminarten/{visit_type.id}/",
        f"terminarten/{visit_type.id}/stilllegen/",
    ):
        page = Page(client.get(BASE + path))
        assert page.status == 200, path
        assert page.inline == []


def test_the_menu_leads_to_the_settings_and_these_to_the_security_of_the_practice() -> None:
    client = at_desk(make_practice())

    assert BASE in Page(client.get("/desk/")).links
    assert {BASE + "praxis/", BASE + "kalender/", "/desk/praxis/"} <= set(Page(client.get(BASE)).links)


@pytest.mark.parametrize("path", [path for path in PAGES if "neu/" in path or path == "praxis/"])
def test_an_empty_form_is_told_at_its_fields(path: str) -> None:
    made, _ = make_bookable()

    page = Page(at_desk(made).post(BASE + path, {}))

    assert page.status == 422
    assert page.errors
    assert all(len(sentence) > 15 for sentence in page.errors.values())
