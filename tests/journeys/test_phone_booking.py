"""A booking by phone for a known patient: after the name is typed at most three more presses."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from sprechzeit.booking.models import Appointment
from tests.booking.booked import rows
from tests.factories import Made, in_days, make_bookable
from tests.journeys.conftest import OpenPage
from tests.journeys.test_moving_on_the_grid import open_tomorrow
from tests.web.desk.furnish import booked_at_desk

COUNTED = """
window.presses = 0;
for (const kind of ["pointerdown", "keydown"])
  document.addEventListener(kind, (event) => { if (event.isTrusted) window.presses += 1; }, { capture: true });
"""


def known() -> Made:
    made, visit_type = make_bookable(clinicians=2, hours=(9, 12), days=2)
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Anruf", first_name="Anna")
    booked_at_desk(made, visit_type, in_days(1, 10), last_name="Anruf", first_name="Bernd")
    return made


def form_with_counter(page: Page, name: str) -> None:
    """The form, the name typed, and from here on every press counted."""
    page.keyboard.press("n")
    expect(page.locator("#zeiten .times__choice").first).to_be_visible()
    page.locator("#q").press_sequentially(name)
    expect(page.locator("input[name=patient]").first).to_be_attached()
    page.evaluate(COUNTED)


def entered(page: Page, made: Made) -> Appointment:
    expect(page.locator(".entry").first).to_be_visible()
    return max(rows(made, Appointment), key=lambda one: one.created_at)


def test_by_mouse_patient_time_save(site: str, open_page: OpenPage) -> None:
    made = known()
    page = open_page()
    open_tomorrow(page, site, made)
    form_with_counter(page, "anruf")
    expect(page.locator("input[name=patient]")).to_have_count(2)

    page.locator(".patients__choice", has_text="Bernd").click()
    page.locator("#zeiten .times__choice").nth(2).click()
    presses = page.evaluate("window.presses")
    page.get_by_role("button", name="Termin eintragen").click()

    assert presses + 1 <= 3
    assert entered(page, made).starts_at == in_days(1, 10)


def test_by_keys_enter_digit_enter(site: str, open_page: OpenPage) -> None:
    made = known()
    page = open_page()
    open_tomorrow(page, site, made)
    form_with_counter(page, "anruf anna")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)

    page.keyboard.press("Enter")
    page.keyboard.press("2")
    presses = page.evaluate("window.presses")
    page.keyboard.press("Enter")

    assert presses + 1 <= 3
    assert entered(page, made).starts_at == in_days(1, 9, 30)


def test_from_a_free_place_of_the_grid_the_time_is_chosen_already(site: str, open_page: OpenPage) -> None:
    made = known()
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".day__cell[href*='T11%3A00']").first.click()
    page.locator("#q").press_sequentially("anruf anna")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    booked = entered(page, made)
    assert booked.starts_at == in_days(1, 11)
    assert booked.patient_id == next(one.patient_id for one in rows(made, Appointment, starts_at=in_days(1, 9)))


def test_from_the_patients_card_only_the_time_is_left(site: str, open_page: OpenPage) -> None:
    made = known()
    page = open_page()
    open_tomorrow(page, site, made)
    page.keyboard.press("/")
    page.keyboard.type("bernd")
    page.locator("#panel").get_by_role("link", name="Anruf, Bernd").click()
    page.locator("#panel").get_by_role("link", name="Termin vergeben").click()
    expect(page.locator("input[name=slot]").first).to_be_focused()

    page.keyboard.press("2")
    page.keyboard.press("Enter")

    assert entered(page, made).starts_at == in_days(1, 9, 30)


def test_somebody_new_takes_the_place_of_whom_the_search_found(site: str, open_page: OpenPage) -> None:
    made = known()
    page = open_page()
    open_tomorrow(page, site, made)
    form_with_counter(page, "anruf anna")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)

    page.get_by_text("Neu aufnehmen").click()
    expect(page.locator("input[name=patient]:checked")).to_have_count(0)
    expect(page.get_by_label("Nachname")).to_have_value("anruf")
    page.get_by_label("Nachname").fill("Anruf")
    page.get_by_label("Vorname").fill("Anna die Zweite")
    page.locator("#zeiten .times__choice").first.click()
    page.get_by_role("button", name="Termin eintragen").click()

    expect(page.locator(".entry", has_text="Anna die Zweite")).to_be_visible()
