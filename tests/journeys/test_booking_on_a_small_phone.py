"""From the search to the appointment on a small phone, with script and without: every step, and the code by mail."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.furnishing.question import Asked, set_questions
from sprechzeit.practices.models import Question as Q
from tests.booking.booked import rows
from tests.factories import Made, in_days
from tests.journeys.conftest import OpenPage
from tests.journeys.mailing_site import code_for, mail_to, mailing_site, make_mailing, taken_by_somebody_else
from tests.journeys.test_finding_a_practice import SMALL_PHONE, fits, list_as
from tests.web.front.walk import people

WITH_AND_WITHOUT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@pytest.fixture(scope="module")
def site(database: None) -> Iterator[str]:
    with mailing_site() as address:
        yield address


def step(page: Page, heading: str) -> None:
    """The step's page is there, and nothing hangs over the edge of it."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    assert fits(page)


@WITH_AND_WITHOUT
def test_from_the_search_to_the_appointment(site: str, open_page: OpenPage, script: bool) -> None:
    specialty, email = f"Schrittkunde {script}", f"schritt-{script}@example.org".lower()
    made, visit_type = make_mailing(hours=(9, 11), days=2, change_until_minutes=0)
    list_as(made, specialty, "10115")
    with wearing(Role.DESK):
        question = Asked("Haben Sie Fieber?", if_yes=Q.Then.STOP, stop_de="Bitte rufen Sie an.")
        set_questions(made.id, made.actor, visit_type.id, [question])
    page = open_page(SMALL_PHONE, java_script_enabled=script)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(site)
    page.get_by_label("Fachrichtung").select_option(specialty)
    page.get_by_role("button", name="Praxen finden").click()
    page.get_by_role("link", name=made.practice.name, exact=True).click()
    step(page, made.practice.name)
    page.get_by_role("link", name="Sprechstunde").first.click()
    step(page, "Bevor Sie eine Zeit wählen")
    page.get_by_role("radio", name="Nein", exact=True).check()
    page.get_by_role("button", name="Weiter zu den Zeiten").click()
    step(page, "Wann passt es Ihnen?")
    page.locator("button.slot", has_text="09:30").first.click()
    step(page, "Wer kommt?")
    page.get_by_label("Vorname").fill("Erika")
    page.get_by_label("Nachname").fill("Muster")
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("E-Mail-Adresse")
    expect(page.get_by_label("Nachname")).to_have_value("Muster")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_role("button", name="Weiter", exact=True).click()
    step(page, "Bitte sehen Sie in Ihre E-Mails")
    assert rows(made, Appointment) == []
    page.get_by_label("Code aus der Mail").fill(code_for(page, site, email))
    page.get_by_role("button", name="Termin buchen").click()
    step(page, "Ihr Termin ist gebucht")

    link = page.get_by_role("textbox", name="Link zu diesem Termin").input_value()
    (booked,) = rows(made, Appointment)
    assert booked.starts_at == in_days(1, 9, 30)
    assert [(one.last_name, one.email) for one in people(made)] == [("Muster", email)]
    assert link in mail_to(page, site, email, "mein-termin")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert page.context.cookies() == []
    page.goto(link)
    page.get_by_role("link", name="Absagen").click()
    page.get_by_role("button", name="Termin absagen").click()
    step(page, "Dieser Termin ist abgesagt")


def fill_in(page: Page, email: str) -> None:
    page.get_by_label("Vorname").fill("Erika")
    page.get_by_label("Nachname").fill("Größer-Łódź")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Telefonnummer").fill("030 1234567")
    page.get_by_text("Erinner").first.click()


def to_the_form(page: Page, site: str, made: Made, visit_type: int) -> None:
    page.goto(f"{site}/praxis/{made.practice.slug}/termin/{visit_type}/")
    page.locator("button.slot", has_text="09:30").first.click()
    page.wait_for_url("**/angaben/**")


def choose_another(page: Page) -> None:
    expect(page.get_by_role("alert").first).to_contain_text("andere Zeit")
    expect(page.get_by_role("alert").first).to_be_focused()
    page.locator("label.pick", has_text="10:00").first.click()


@WITH_AND_WITHOUT
def test_a_time_that_goes_while_the_form_is_filled_in_costs_nothing_typed(
    site: str, open_page: OpenPage, script: bool
) -> None:
    email = f"formular-{script}@example.org".lower()
    made, visit_type = make_mailing(hours=(9, 11), days=1)
    page = open_page(SMALL_PHONE, java_script_enabled=script)
    to_the_form(page, site, made, visit_type.id)
    fill_in(page, email)

    taken_by_somebody_else(made, visit_type, in_days(1, 9, 30))
    page.get_by_role("button", name="Weiter", exact=True).click()
    choose_another(page)
    page.get_by_role("button", name="Weiter mit der neuen Zeit").click()

    expect(page.get_by_label("Vorname")).to_have_value("Erika")
    expect(page.get_by_label("Nachname")).to_have_value("Größer-Łódź")
    expect(page.get_by_label("Telefonnummer")).to_have_value("030 1234567")
    assert page.locator("input[type=checkbox]:checked").count() == 1
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_label("Code aus der Mail").fill(code_for(page, site, email))
    page.get_by_role("button", name="Termin buchen").click()
    booked_at_ten(page, made, email)


@WITH_AND_WITHOUT
def test_a_time_that_goes_while_the_mail_is_on_its_way_costs_neither_the_form_nor_the_code(
    site: str, open_page: OpenPage, script: bool
) -> None:
    email = f"postweg-{script}@example.org".lower()
    made, visit_type = make_mailing(hours=(9, 11), days=1)
    page = open_page(SMALL_PHONE, java_script_enabled=script)
    to_the_form(page, site, made, visit_type.id)
    fill_in(page, email)
    page.get_by_role("button", name="Weiter", exact=True).click()
    code = code_for(page, site, email)

    taken_by_somebody_else(made, visit_type, in_days(1, 9, 30))
    page.get_by_label("Code aus der Mail").fill(code)
    page.get_by_role("button", name="Termin buchen").click()
    choose_another(page)
    page.get_by_role("button", name="Termin buchen").click()

    booked_at_ten(page, made, email)


def booked_at_ten(page: Page, made: Made, email: str) -> None:
    expect(page.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    (who,) = (one for one in people(made) if one.email == email)
    assert (who.last_name, who.phone) == ("Größer-Łódź", "+49301234567")
    assert in_days(1, 10) in {one.starts_at for one in rows(made, Appointment)}


def test_a_parent_books_for_a_child(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_mailing(hours=(9, 11), days=1, name_de="Kindersprechstunde", max_age=12)
    page = open_page(SMALL_PHONE)
    to_the_form(page, site, made, visit_type.id)
    year = in_days(1).year

    page.get_by_label("Vorname").fill("Mia")
    page.get_by_label("Nachname").fill("Muster")
    page.get_by_label("Geburtsdatum").fill(f"1.1.{year - 13}")
    page.get_by_text("Ich buche für jemand anderen").click()
    page.get_by_label("Ihr Name").fill("Erika Muster")
    page.get_by_label("E-Mail-Adresse").fill("mutter@example.org")
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.get_by_role("alert").get_by_role("link", name="nur bis 12 Jahre")).to_be_visible()
    expect(page.get_by_label("Ihr Name")).to_have_value("Erika Muster")
    expect(page.get_by_label("Geburtsdatum")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Geburtsdatum").fill(f"1.1.{year - 12}")
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_label("Code aus der Mail").fill(code_for(page, site, "mutter@example.org"))
    page.get_by_role("button", name="Termin buchen").click()

    expect(page.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    (child,) = people(made)
    assert (child.first_name, child.booker, child.email) == ("Mia", "Erika Muster", "mutter@example.org")
    assert child.birth_date is not None
    assert child.birth_date.year == year - 12
