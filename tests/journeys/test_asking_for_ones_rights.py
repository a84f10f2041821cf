"""A patient asks by the link for a correction; the desk checks who asks, corrects, finishes; the link says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from sprechzeit.booking.accept import accept
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.vault import link_to_text
from sprechzeit.web.desk.door import cookie_name
from tests.factories import book, in_days, make_bookable, make_session
from tests.journeys.conftest import OpenPage

SMALL = {"width": 360, "height": 740}


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_from_the_link_to_the_corrected_record(site: str, open_page: OpenPage, shots: Path, script: bool) -> None:
    made, visit_type = make_bookable(days=3)
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    with wearing(Role.DESK):
        accept(made.keys, made.actor, booked.appointment_id)
    phone = open_page(SMALL, java_script_enabled=script)
    phone.goto(f"{site}/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/")

    phone.get_by_role("link", name="Auskunft, Berichtigung und andere Rechte").click()
    phone.screenshot(path=shots / "rights-phone.png", full_page=True)
    phone.get_by_role("radio", name="Berichtigung").check()
    phone.get_by_role("button", name="Antrag stellen").click()
    expect(phone.get_by_text("Bitte schreiben Sie, was nicht stimmt").first).to_be_visible()
    phone.screenshot(path=shots / "rights-phone-error.png", full_page=True)
    phone.get_by_label("Was sollen wir dazu wissen?").fill("Ich heiße Fern, ohne e am Ende.")
    phone.get_by_role("button", name="Antrag stellen").click()
    expect(phone.get_by_text("Ihr Antrag ist bei der Praxis")).to_be_visible()
    expect(phone.get_by_text("Die Praxis antwortet spätestens am")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.screenshot(path=shots / "rights-phone-asked.png", full_page=True)

    desk = open_page(java_script_enabled=script)
    desk.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
    desk.goto(f"{site}/desk/eingang/")
    desk.get_by_role("link", name="1 Antrag eines Patienten ist offen").click()
    desk.screenshot(path=shots / "rights-desk-list.png", full_page=True)
    desk.get_by_role("link", name="Berichtigung: Ferne, Frida").click()
    expect(desk.get_by_text("Ich heiße Fern, ohne e am Ende.")).to_be_visible()
    expect(desk.get_by_role("button", name="Ist erledigt")).to_have_count(0)
    desk.screenshot(path=shots / "rights-desk-request.png", full_page=True)
    desk.get_by_role("radio", name="Rückruf unter der Nummer").check()
    desk.get_by_role("button", name="So geprüft").click()
    desk.screenshot(path=shots / "rights-desk-checked.png", full_page=True)
    desk.get_by_role("link", name="Daten berichtigen").click()
    desk.get_by_label("Nachname").fill("Fern")
    desk.get_by_role("button", name="Speichern").click()
    expect(desk.get_by_role("heading", name="Fern, Frida")).to_be_visible()
    desk.screenshot(path=shots / "rights-desk-card.png", full_page=True)
    desk.get_by_role("link", name="Berichtigung", exact=True).click()
    desk.get_by_role("button", name="Ist erledigt").click()
    expect(desk.get_by_text("erledigt", exact=True)).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("Die Praxis hat Ihren Antrag am")).to_be_visible()
    phone.screenshot(path=shots / "rights-phone-done.png", full_page=True)


def test_a_restriction_asked_for_by_phone_is_set_seen_and_lifted(site: str, open_page: OpenPage, shots: Path) -> None:
    made, visit_type = make_bookable(days=3)
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
    desk = open_page()
    desk.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])

    desk.goto(f"{site}/desk/patient/{patient}/")
    desk.get_by_role("link", name="Antrag aufnehmen").click()
    desk.get_by_role("radio", name="Einschränkung der Verarbeitung").check()
    desk.get_by_role("radio", name="am Telefon").check()
    desk.get_by_label("Was genau?").fill("Bis geklärt ist, wessen Nummer es ist.")
    desk.screenshot(path=shots / "rights-desk-entry.png", full_page=True)
    desk.get_by_role("button", name="Aufnehmen").click()
    desk.get_by_role("radio", name="Ausweis gesehen").check()
    desk.get_by_role("button", name="So geprüft").click()
    desk.get_by_role("button", name="Einschränken und abschließen").click()
    desk.goto(f"{site}/desk/patient/{patient}/")
    expect(desk.get_by_text("Verarbeitung eingeschränkt seit")).to_be_visible()
    desk.screenshot(path=shots / "restricted-card.png", full_page=True)
    desk.goto(f"{site}/desk/termin/{booked.appointment_id}/")
    expect(desk.get_by_text("Verarbeitung eingeschränkt")).to_be_visible()
    desk.get_by_label("Patient suchen").fill("fern")
    expect(desk.locator(".patients .badge--restricted")).to_be_visible()
    desk.goto(f"{site}/desk/?tag={in_days(1, 9).astimezone(made.practice.zone):%Y-%m-%d}")
    expect(desk.locator(".entry").first).to_be_visible()
    desk.screenshot(path=shots / "restricted-day.png", full_page=True)
    assert "Verarbeitung eingeschränkt" in desk.content()

    desk.goto(f"{site}/desk/patient/{patient}/berichtigen/")
    expect(desk.get_by_text("Hier lässt sich nichts ändern")).to_be_visible()
    desk.get_by_role("link", name="Einschränkung aufheben …").click()
    desk.screenshot(path=shots / "restriction-lift.png", full_page=True)
    desk.get_by_role("radio", name="mit einer Nachricht").check()
    desk.get_by_role("button", name="Einschränkung aufheben").click()

    expect(desk.get_by_role("heading", name="Ferne, Frida")).to_be_visible()
    expect(desk.get_by_text("Verarbeitung eingeschränkt seit")).to_have_count(0)
