"""A patient books, moves and cancels; the desk sees each of it, and the slot is free again."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.staff.invite import invite
from tests.factories import Made, make_bookable
from tests.journeys.conftest import PHONE, OpenPage, add_authenticator


def log_in_by_passkey(page: Page, site: str, made: Made) -> None:
    """Join the practice by an invitation, log out, and log in anew with the passkey alone."""
    with wearing(Role.DESK):
        link = f"{site}/desk/einladung/#{invite(made.keys, SYSTEM)}"
    add_authenticator(page)
    page.goto(link)
    page.get_by_label("Ihr Name").fill("Mia Empfang")
    page.get_by_role("button", name="Passkey anlegen").click()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Abmelden").click()
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.locator(".menu")).to_contain_text("Mia Empfang")


def times(page: Page) -> list[str]:
    return page.locator("button.slot").all_inner_texts()


def test_a_patient_books_moves_and_cancels_and_the_desk_sees_it(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable(hours=(9, 11), days=1, change_until_minutes=0)
    patient, desk = open_page(PHONE), open_page()
    log_in_by_passkey(desk, site, made)

    patient.goto(f"{site}/praxis/{made.practice.slug}/")
    patient.get_by_role("link", name="Sprechstunde").click()
    assert times(patient) == ["09:00", "09:30", "10:00", "10:30"]
    patient.get_by_role("button", name="09:30").click()
    patient.get_by_label("Vorname").fill("Käthe")
    patient.get_by_label("Nachname").fill("Größer-Łódź")
    patient.get_by_label("E-Mail-Adresse").fill("kaethe@example.org")
    patient.get_by_role("button", name="Termin buchen").click()
    expect(patient.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    manage_link = patient.get_by_role("textbox", name="Link zu diesem Termin").input_value()

    desk.get_by_title("Nächster Tag").click()
    entry = desk.locator(".entry")
    expect(entry).to_contain_text("Größer-Łódź, Käthe")
    expect(entry).to_contain_text("09:30")
    entry.click()
    expect(desk.locator("#panel")).to_contain_text("kaethe@example.org")

    patient.goto(manage_link)
    patient.get_by_role("link", name="Verschieben").click()
    patient.get_by_role("button", name="10:30").click()
    expect(patient.get_by_role("heading", name="Ihr Termin ist verschoben")).to_be_visible()
    desk.reload()
    expect(desk.locator(".entry")).to_contain_text("10:30")

    patient.get_by_role("link", name="Absagen").click()
    patient.get_by_role("button", name="Termin absagen").click()
    expect(patient.get_by_role("heading", name="Dieser Termin ist abgesagt")).to_be_visible()
    desk.reload()
    expect(desk.locator(".entry")).to_have_count(0)
    expect(desk.get_by_text("1 abgesagter Termin")).to_be_visible()

    patient.goto(f"{site}/praxis/{made.practice.slug}/termin/{visit_type.id}/")
    assert times(patient) == ["09:00", "09:30", "10:00", "10:30"]


def test_it_works_without_javascript(site: str, open_page: OpenPage) -> None:
    made, _ = make_bookable(hours=(9, 10), days=1, change_until_minutes=0)
    patient = open_page(PHONE, java_script_enabled=False)

    patient.goto(f"{site}/praxis/{made.practice.slug}/")
    patient.get_by_role("link", name="Sprechstunde").click()
    patient.get_by_role("button", name="09:00").click()
    patient.get_by_role("button", name="Termin buchen").click()
    expect(patient.get_by_role("alert")).to_contain_text("Bitte geben Sie den Vornamen ein.")
    patient.get_by_label("Vorname").fill("Jo")
    patient.get_by_label("Nachname").fill("Ohneskript")
    patient.get_by_label("Telefonnummer").fill("030 23125 001")
    patient.get_by_role("button", name="Termin buchen").click()

    expect(patient.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    assert patient.context.cookies() == []


def test_the_desk_books_by_phone_and_marks_arrival(site: str, open_page: OpenPage) -> None:
    made, _ = make_bookable(hours=(9, 10), days=1)
    desk = open_page()
    log_in_by_passkey(desk, site, made)

    desk.get_by_role("link", name="Neuer Termin", exact=True).click()
    desk.get_by_text("Neu aufnehmen").click()
    desk.get_by_label("Nachname").fill("Telefonisch")
    desk.get_by_label("Vorname").fill("Tilda")
    desk.get_by_label("Geburtsdatum").fill("1.2.1950")
    desk.locator(".times__choice").first.click()
    desk.get_by_role("button", name="Termin eintragen").click()
    desk.locator(".entry").click()
    desk.get_by_role("button", name="Eingetroffen").click()

    expect(desk.locator(".entry")).to_contain_text("Telefonisch, Tilda")
    expect(desk.locator(".entry")).to_contain_text("da")
    desk.get_by_role("searchbox", name="Patient suchen").fill("telef tilda")
    expect(desk.locator("#panel")).to_contain_text("01.02.1950")
