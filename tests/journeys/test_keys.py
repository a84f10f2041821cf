"""The desk by keys alone: their list, walking on the grid, every step of an appointment, and silence while typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sprechzeit.booking.models import AppointmentNote
from tests.booking.booked import rows
from tests.factories import Made, book, in_days, make_bookable
from tests.journeys.conftest import OpenPage
from tests.journeys.test_accessibility import complaints
from tests.journeys.test_moving_on_the_grid import one_booked, open_tomorrow, stored
from tests.web.desk.furnish import booked_at_desk


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.getAttribute('aria-label')"))


def list_of_keys(page: Page) -> None:
    expect(page.get_by_role("dialog", name="Tasten")).to_be_visible()


def booked_at_reception(clinicians: int = 1) -> Made:
    made, visit_type = make_bookable(clinicians=clinicians, hours=(9, 12), days=2)
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Zieh", first_name="Zora")
    return made


def test_a_question_mark_lists_them_and_they_can_be_switched_off(site: str, open_page: OpenPage) -> None:
    made = booked_at_reception()
    page = open_page()
    open_tomorrow(page, site, made)

    page.keyboard.press("?")
    list_of_keys(page)
    expect(page.get_by_role("dialog")).to_contain_text("letzte Änderung rückgängig machen")
    page.get_by_label("Tasten aus einem einzelnen Zeichen abschalten").check()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tasten")).to_be_hidden()
    page.reload()
    page.keyboard.press("n")
    expect(page.locator(".entry")).to_be_visible()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Tasten").click()
    list_of_keys(page)
    page.get_by_label("Tasten aus einem einzelnen Zeichen abschalten").uncheck()
    page.get_by_role("button", name="Schließen").click()
    page.keyboard.press("n")

    expect(page.get_by_role("heading", name="Neuer Termin")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_the_clipboard_and_a_refusal_are_accessible(site: str, open_page: OpenPage, scheme: str) -> None:
    made = booked_at_reception()
    page = open_page(color_scheme=scheme)
    open_tomorrow(page, site, made)

    page.locator(".entry").focus()
    page.keyboard.press("x")
    expect(page.locator(".clipboard .is-chosen")).to_be_visible()
    page.locator(".entry").click()
    expect(page.locator("#panel .desk-card")).to_be_visible()
    with_card = complaints(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    list_of_keys(page)

    assert with_card == []
    assert complaints(page) == []


def test_they_are_silent_while_somebody_types(site: str, open_page: OpenPage) -> None:
    made = booked_at_reception()
    page = open_page()
    open_tomorrow(page, site, made)

    page.keyboard.press("/")
    page.keyboard.type("nwtz?")

    expect(page.locator("#suche")).to_have_value("nwtz?")
    expect(page.get_by_role("dialog", name="Tasten")).to_be_hidden()
    expect(page.locator(".entry")).to_be_visible()


def test_the_arrows_walk_on_the_grid_and_enter_opens(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable(clinicians=2, hours=(9, 12), days=1)
    for _ in range(2):
        book(made, visit_type, in_days(1, 9), last_name="Neun", first_name="Nora")
    book(made, visit_type, in_days(1, 10), last_name="Zehn", first_name="Zita")
    page = open_page()
    open_tomorrow(page, site, made)
    column = page.locator(".day__column", has=page.locator(".entry", has_text="Zehn"))

    column.locator(".entry", has_text="Neun").focus()
    page.keyboard.press("ArrowDown")
    assert "09:30" in focused(page)
    page.keyboard.press("ArrowUp")
    assert "Neun" in focused(page)
    page.keyboard.press("End")
    assert "11:45" in focused(page)
    page.keyboard.press("Home")
    assert "Neun" in focused(page)
    for key in ("ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert "Zehn" in focused(page)
    away = "ArrowRight" if column.evaluate("one => one === document.querySelector('.day__column')") else "ArrowLeft"
    page.keyboard.press(away)
    assert "10:00" in focused(page)
    page.keyboard.press("ArrowLeft" if away == "ArrowRight" else "ArrowRight")
    assert "Zehn" in focused(page)
    in_order = page.locator(".day__column a[tabindex='0'], .day__column a:not([tabindex])").count()
    page.keyboard.press("Enter")

    assert in_order == 1
    expect(page.locator("#panel")).to_contain_text("Zehn, Zita")
    page.keyboard.press("Escape")
    assert "Zehn" in focused(page)


def test_an_appointment_goes_through_its_day_by_keys_and_back(site: str, open_page: OpenPage) -> None:
    made = booked_at_reception()
    page = open_page()
    open_tomorrow(page, site, made)

    for key, status in (("e", "arrived"), ("b", "in-treatment"), ("f", "done")):
        page.locator(".entry").focus()
        page.keyboard.press(key)
        expect(page.locator(f".entry--{status}")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator(".entry--in-treatment")).to_be_visible()

    assert stored(made).status == "in-treatment"


def test_delete_asks_and_r_writes_a_comment(site: str, open_page: OpenPage) -> None:
    made = booked_at_reception()
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".entry").focus()
    page.keyboard.press("r")
    expect(page.get_by_label("Bemerkung zum Termin")).to_be_focused()
    page.keyboard.type("Kommt mit Begleitung")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_empty()
    assert len(rows(made, AppointmentNote)) == 1
    page.locator(".entry").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Termin absagen")).to_be_focused()
    assert stored(made).status == "booked"
    page.keyboard.press("Enter")

    expect(page.locator(".entry")).to_have_count(0)
    assert stored(made).status == "cancelled"


@pytest.mark.parametrize("there_and_back", [("j", "k"), ("ArrowRight", "ArrowLeft")])
def test_from_day_to_day_and_to_the_week(site: str, open_page: OpenPage, there_and_back: tuple[str, str]) -> None:
    made = one_booked(clinicians=1)
    page = open_page()
    open_tomorrow(page, site, made)
    title = page.locator("h1").inner_text()
    there, back = there_and_back

    page.keyboard.press(there)
    expect(page.locator("h1")).not_to_have_text(title)
    page.keyboard.press(back)
    expect(page.locator("h1")).to_have_text(title)
    page.keyboard.press("w")
    expect(page.locator("h1")).to_contain_text("Woche")
    page.keyboard.press("d")
    expect(page.locator("h1")).not_to_contain_text("Woche")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile(r"/desk/(\?.*)?$"))


def test_a_new_one_and_a_block_begin_at_the_free_place_that_has_the_focus(site: str, open_page: OpenPage) -> None:
    made = booked_at_reception()
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".entry").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    expect(page.get_by_label("Uhrzeit")).to_have_value("09:30")
    page.go_back()
    page.locator(".entry").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("g")
    expect(page.get_by_label("Von")).to_have_value("09:30")
    page.get_by_label("Wofür").fill("Fortbildung")
    page.keyboard.press("Enter")

    expect(page.locator(".day__block")).to_contain_text("Fortbildung")
