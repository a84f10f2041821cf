"""Somebody who hears the pages books: by roles and names alone, as the accessibility tree has them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.furnishing.question import Asked, set_questions
from sprechzeit.practices.models import Question
from tests.booking.booked import rows
from tests.factories import in_days
from tests.journeys.conftest import OpenPage
from tests.journeys.heard import assert_well_ordered, the_one
from tests.journeys.mailing_site import code_for, mailing_site, make_mailing, taken_by_somebody_else
from tests.journeys.test_finding_a_practice import list_as
from tests.web.front.walk import people

EMAIL = "gehoert@example.org"


@pytest.fixture(scope="module")
def site(database: None) -> Iterator[str]:
    with mailing_site() as address:
        yield address


def press(page: Page, name: str) -> None:
    """The button of exactly this name, by the keyboard."""
    page.get_by_role("button", name=name, exact=True).press("Enter")


def assert_the_mistake_is_told(page: Page, field: str) -> None:
    """At once and with the way to it: an alert that has the focus and leads to the field, which says it again."""
    nodes = assert_well_ordered(page)
    alert = page.get_by_role("alert").first
    expect(alert).to_be_focused()
    assert page.title().startswith("Fehler:")
    alert.get_by_role("link").first.press("Enter")
    box = the_one(nodes, "textbox", field)
    assert box.properties["invalid"] == "true"
    assert "Bitte" in box.description or "stimmt nicht" in box.description
    expect(page.get_by_role("textbox", name=field)).to_be_focused()


def test_the_whole_booking_by_roles_and_names(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_mailing(hours=(9, 11), days=1, change_until_minutes=0)
    list_as(made, "Hörkunde", "10115")
    with wearing(Role.DESK):
        no_fever = Asked("Haben Sie Fieber?", if_yes=Question.Then.STOP, stop_de="Bitte rufen Sie an.")
        set_questions(made.id, made.actor, visit_type.id, [no_fever])
    page = open_page()

    page.goto(site)
    assert_well_ordered(page)
    search = page.get_by_role("search")
    search.get_by_role("combobox", name="Fachrichtung").select_option("Hörkunde")
    search.get_by_role("button", name="Praxen finden").press("Enter")
    page.wait_for_url("**/suche/**")
    assert_well_ordered(page)
    page.get_by_role("link", name=made.practice.name, exact=True).press("Enter")
    page.wait_for_url("**/praxis/**")
    assert_well_ordered(page)
    page.get_by_role("list", name="Wofür brauchen Sie einen Termin?").get_by_role("link").press("Enter")

    expect(page.get_by_role("heading", name="Bevor Sie eine Zeit wählen")).to_be_visible()
    press(page, "Weiter zu den Zeiten")
    expect(page.get_by_role("alert")).to_be_focused()
    assert_well_ordered(page)
    page.get_by_role("group", name="Haben Sie Fieber?").get_by_role("radio", name="Nein").check()
    press(page, "Weiter zu den Zeiten")

    expect(page.get_by_role("heading", name="Wann passt es Ihnen?")).to_be_visible()
    assert_well_ordered(page)
    page.get_by_role("main").get_by_role("button", name=", 09:30 Uhr").press("Enter")

    expect(page.get_by_role("heading", name="Wer kommt?")).to_be_visible()
    assert_well_ordered(page)
    page.get_by_role("textbox", name="Vorname").fill("Helga")
    page.get_by_role("textbox", name="Nachname").fill("Hörmann")
    press(page, "Weiter")
    assert_the_mistake_is_told(page, "E-Mail-Adresse")
    page.get_by_role("textbox", name="E-Mail-Adresse").fill(EMAIL)
    taken_by_somebody_else(made, visit_type, in_days(1, 9, 30))
    press(page, "Weiter")
    expect(page.get_by_role("alert").first).to_be_focused()
    assert_well_ordered(page)
    page.get_by_role("group", name="Andere freie Zeiten").get_by_role("radio", name="10:00 Uhr").check()
    press(page, "Weiter mit der neuen Zeit")
    expect(page.get_by_role("status").first).to_be_focused()
    assert_well_ordered(page)
    press(page, "Weiter")

    expect(page.get_by_role("heading", name="Bitte sehen Sie in Ihre E-Mails")).to_be_visible()
    assert_well_ordered(page)
    page.get_by_role("textbox", name="Code aus der Mail").fill("12")
    press(page, "Termin buchen")
    assert_the_mistake_is_told(page, "Code aus der Mail")
    page.get_by_role("textbox", name="Code aus der Mail").fill(code_for(page, site, EMAIL))
    press(page, "Termin buchen")

    expect(page.get_by_role("heading", level=1, name="Ihr Termin ist gebucht")).to_be_visible()
    assert_well_ordered(page)
    page.get_by_role("link", name="Absagen", exact=True).press("Enter")
    page.wait_for_url("**/absagen/")
    assert_well_ordered(page)
    assert len(rows(made, Appointment)) == 2
    assert [one.last_name for one in people(made) if one.email == EMAIL] == ["Hörmann"]
