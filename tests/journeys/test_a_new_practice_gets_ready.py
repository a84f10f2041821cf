"""An owner sets up a new practice through its pages alone, and then a patient books online."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from sprechzeit import clock
from sprechzeit.identifiers import new_id
from sprechzeit.staff.found import found_with_invitation
from tests.factories import BERLIN
from tests.journeys.conftest import PHONE, OpenPage, add_authenticator
from tests.journeys.test_members_and_keys import at_work, confirm_on_paper, join, menu, printed_words


def owner_of_a_new_practice(page: Page, site: str) -> str:
    """Join by the invitation and confirm the recovery sheet; tell the practice's address."""
    slug = f"praxis-{new_id().hex[-10:]}"
    add_authenticator(page)
    join(page, f"{site}/desk/einladung/#{found_with_invitation(name='Praxis Neu', slug=slug)}", "Ina Inhaberin")
    page.get_by_role("button", name="Blatt erstellen").click()
    words = printed_words(page)
    page.get_by_role("link", name="Weiter: Blatt bestätigen").click()
    confirm_on_paper(page, words)
    at_work(page, "Ina Inhaberin")
    return slug


def to_settings(page: Page, card: str) -> None:
    menu(page, "Einstellungen")
    page.get_by_role("link", name=card).click()


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Gespeichert.")).to_be_visible()


def furnish(page: Page) -> None:
    to_settings(page, "Angaben zur Praxis")
    page.get_by_label("Telefon", exact=True).fill("030 23125 000")
    page.get_by_label("Bundesland").select_option(label="Brandenburg")
    page.get_by_role("button", name="Speichern").click()
    saved(page)

    to_settings(page, "Behandelnde, Räume, Geräte")
    page.get_by_role("link", name="Neuer Standort").click()
    page.get_by_label("Name", exact=True).fill("Hauptstelle")
    page.get_by_role("button", name="Speichern").click()
    saved(page)

    to_settings(page, "Behandelnde, Räume, Geräte")
    page.get_by_role("link", name="Neue Behandelnde").click()
    page.get_by_label("Name", exact=True).fill("Dr. Erste")
    page.get_by_role("button", name="Speichern").click()
    saved(page)

    to_settings(page, "Terminarten")
    page.get_by_role("link", name="Neue Terminart").click()
    page.get_by_label("Name auf Deutsch").fill("Beratung")
    page.get_by_label("Dauer").fill("30")
    page.get_by_label("Beginnt alle").select_option("30")
    page.get_by_label("Dr. Erste").first.check()
    page.get_by_role("button", name="Speichern").click()
    saved(page)


def to_hours(page: Page) -> None:
    to_settings(page, "Behandelnde, Räume, Geräte")
    page.get_by_role("link", name="Sprechzeiten: Dr. Erste").click()


def draw(page: Page, first: int, last: int, begins: int, ends: int) -> None:
    """From one weekday's hour to another's, with the mouse."""
    week = page.locator("[data-week]")
    top, rows = int(week.get_attribute("data-first") or 0), int(week.get_attribute("data-rows") or 1)
    start = page.locator(f"[data-weekday='{first}']").bounding_box()
    end = page.locator(f"[data-weekday='{last}']").bounding_box()
    assert start
    assert end
    hour = start["height"] / rows * 12
    page.mouse.move(start["x"] + 10, start["y"] + (begins - top) * hour + 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + (ends - top) * hour - 2, steps=6)
    page.mouse.up()


def test_a_patient_books_what_the_owner_has_set_up(site: str, open_page: OpenPage) -> None:
    owner, patient = open_page(), open_page(PHONE)
    slug = owner_of_a_new_practice(owner, site)
    furnish(owner)

    to_hours(owner)
    draw(owner, 0, 6, 9, 12)
    expect(owner.get_by_label("von", exact=True)).to_have_value("09:00")
    expect(owner.get_by_label("bis", exact=True)).to_have_value("12:00")
    expect(owner.locator("[name=weekdays]:checked")).to_have_count(7)
    owner.get_by_label("Auch an Feiertagen").check()
    owner.get_by_role("button", name="Eintragen").click()
    saved(owner)
    expect(owner.locator(".week__block")).to_have_count(7)

    tomorrow = clock.now().astimezone(BERLIN).date() + timedelta(days=1)
    to_settings(owner, "Abwesenheiten und Schließungen")
    owner.get_by_role("link", name="Neu eintragen").click()
    owner.get_by_label("Erster Tag").fill(tomorrow.isoformat())
    owner.get_by_label("Bezeichnung").fill("Umzug")
    owner.get_by_role("button", name="Speichern").click()
    saved(owner)

    patient.goto(f"{site}/praxis/{slug}/")
    patient.get_by_role("link", name="Beratung").click()
    patient.locator("button.slot:visible").last.click()
    patient.get_by_label("Vorname").fill("Pia")
    patient.get_by_label("Nachname").fill("Erstmals")
    patient.get_by_label("E-Mail-Adresse").fill("pia@example.org")
    patient.get_by_role("button", name="Termin buchen").click()
    expect(patient.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()

    owner.goto(f"{site}/desk/?tag={tomorrow.isoformat()}")
    expect(owner.locator(".badge", has_text="Umzug")).to_be_visible()


def test_hours_are_entered_without_javascript(site: str, open_page: OpenPage) -> None:
    owner = open_page()
    owner_of_a_new_practice(owner, site)
    furnish(owner)
    plain = open_page(java_script_enabled=False)
    plain.context.add_cookies(owner.context.cookies())
    to_hours(owner)

    plain.goto(owner.url)
    expect(plain.get_by_text("In der Woche aufziehen")).to_be_hidden()
    plain.get_by_role("checkbox", name="Montag").check()
    plain.get_by_label("von", exact=True).fill("08:15")
    plain.get_by_label("bis", exact=True).fill("12:45")
    plain.get_by_role("button", name="Eintragen").click()

    expect(plain.locator(".week__block")).to_contain_text("08:15–12:45")


def test_hours_are_drawn_by_touch_and_given_up_with_escape(site: str, open_page: OpenPage) -> None:
    owner = open_page()
    owner_of_a_new_practice(owner, site)
    furnish(owner)
    to_hours(owner)
    column = owner.locator("[data-weekday='1']")
    box = column.bounding_box()
    assert box

    column.scroll_into_view_if_needed()
    owner.mouse.move(box["x"] + 10, box["y"] + 100)
    owner.mouse.down()
    owner.mouse.move(box["x"] + 10, box["y"] + 200)
    owner.keyboard.press("Escape")
    owner.mouse.up()
    expect(owner.locator(".week__drawn")).to_have_count(0)
    expect(owner.get_by_label("von", exact=True)).to_have_value("")

    touch = owner.context.new_cdp_session(owner)
    for kind, y in (("touchStart", 100), ("touchMove", 150), ("touchMove", 200), ("touchEnd", None)):
        points = [] if y is None else [{"x": box["x"] + 10, "y": box["y"] + y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(owner.get_by_label("von", exact=True)).not_to_have_value("")
    expect(owner.locator("[name=weekdays]:checked")).to_have_count(1)
