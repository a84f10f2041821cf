"""Reception mends its records: a wrong patient is corrected, a duplicate is merged and the merge undone."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.patients.create import create_patient
from tests.factories import book, in_days, make_bookable, make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.test_the_main_job import log_in_by_passkey
from tests.web.desk.furnish import booked_at_desk

BORN = date(1980, 2, 1)


def test_wrong_patient_corrected(site: str, open_page: OpenPage) -> None:
    """Found by the search, mended while somebody else mends too; nothing typed is lost, nothing is overwritten."""
    made, visit_type = make_bookable(days=1)
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Flasch", phone="+49301234567")
    page = open_page()
    log_in_by_passkey(page, site, made)

    page.get_by_role("searchbox", name="Patient suchen").fill("flasch")
    page.locator("#panel").get_by_role("link", name="Flasch, Erika").click()
    expect(page.locator("#panel")).to_contain_text("Kommende Termine")
    page.locator("#panel").get_by_role("link", name="Berichtigen").click()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Telefon").fill("030 7654321")
    other.get_by_role("button", name="Speichern").click()
    expect(other.locator(".patient")).to_contain_text("+49307654321")

    page.get_by_label("Nachname").fill("Falsch-Größer")
    page.get_by_label("Geburtsdatum").fill("31.02.1980")
    page.get_by_label("Notiz").fill("Kommt mit Rollstuhl.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Dieses Datum gibt es nicht")).to_be_visible()
    expect(page.get_by_label("Notiz")).to_have_value("Kommt mit Rollstuhl.")
    page.get_by_label("Geburtsdatum").fill("1.2.1980")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("inzwischen")
    expect(page.get_by_label("Telefon")).to_have_value("+49307654321")
    expect(page.get_by_label("Nachname")).to_have_value("Falsch-Größer")
    page.get_by_role("button", name="Speichern").click()

    card = page.locator(".patient")
    expect(card).to_contain_text("Falsch-Größer, Erika")
    expect(card).to_contain_text("01.02.1980")
    expect(card).to_contain_text("+49307654321")
    expect(card).to_contain_text("Kommt mit Rollstuhl.")


def test_duplicate_merged_and_the_merge_undone(site: str, open_page: OpenPage) -> None:
    """An online booking goes into the record that it belongs to; the second record goes into the first, and back."""
    made, visit_type = make_bookable(days=1, birth_date_purpose="Abrechnung")
    with wearing(Role.DESK):
        create_patient(made.keys, made.actor, make_person(last_name="Größer", birth_date=BORN, phone="+49301111111"))
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Groser", phone="+49301111111")
    book(made, visit_type, in_days(1, 10), last_name="Groesser", birth_date=BORN, phone="+49302222222")
    page = open_page()
    log_in_by_passkey(page, site, made)

    page.get_by_role("link", name="Eingang 1").click()
    page.get_by_role("link", name="Groesser, Erika").click()
    panel = page.locator("#panel")
    expect(panel).to_contain_text("gleicher Name, gleiches Geburtsdatum")
    panel.get_by_label("Telefon in der Kartei ändern").check()
    panel.get_by_role("button", name="Das ist diese Person").click()
    page.get_by_role("link", name="Größer, Erika").click()
    expect(page.locator("#panel")).to_contain_text("+49302222222")
    page.goto(site + (page.locator("#panel .patient__more a").first.get_attribute("href") or ""))

    page.get_by_role("searchbox", name="Patient suchen").last.fill("groser")
    page.locator("#treffer").get_by_role("link", name="Groser, Erika").click()
    page.get_by_label("+49301111111").check()
    page.get_by_role("button", name="Zusammenführen").click()
    card = page.locator(".patient")
    expect(card).to_contain_text("+49301111111")
    expect(card.locator(".visits__one")).to_have_count(2)

    page.get_by_role("link", name="Zusammenführung rückgängig machen").click()
    expect(page.locator(".merge")).to_contain_text("Groser")
    page.get_by_role("button", name="Rückgängig machen").click()
    expect(card).to_contain_text("+49302222222")
    expect(card.locator(".visits__one")).to_have_count(1)
    page.get_by_role("searchbox", name="Patient suchen").fill("groser")
    expect(page.locator("#panel").get_by_role("link", name="Groser, Erika")).to_be_visible()
