"""A patient corrects contact data and writes from a phone; the desk reads it and takes it over with one click."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sprechzeit.vault import link_to_text
from sprechzeit.web.desk.door import cookie_name
from tests.factories import book, in_days, make_bookable, make_session
from tests.journeys.conftest import OpenPage

SMALL = {"width": 360, "height": 740}


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_from_the_phone_to_the_desk(site: str, open_page: OpenPage, shots: Path, script: bool) -> None:
    made, visit_type = make_bookable(modality="video", video_link="https://video.example.org/raum")
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    manage = f"{site}/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/"
    phone = open_page(SMALL, java_script_enabled=script)

    phone.goto(manage)
    phone.screenshot(path=shots / "manage-video.png", full_page=True)
    phone.get_by_role("link", name="Neue E-Mail-Adresse oder Telefonnummer mitteilen").click()
    phone.get_by_label("Neue Telefonnummer").fill("0170 1234567")
    phone.get_by_role("button", name="An die Praxis senden").click()
    expect(phone.get_by_role("heading", name="Ihre neuen Kontaktdaten sind bei der Praxis")).to_be_visible()
    phone.get_by_role("link", name="Der Praxis schreiben").click()
    phone.get_by_label("Ihre Nachricht").fill("Ich komme zehn Minuten später.")
    phone.get_by_role("button", name="An die Praxis senden").click()
    expect(phone.get_by_role("heading", name="Ihre Nachricht ist bei der Praxis")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360

    desk = open_page()
    desk.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
    desk.goto(f"{site}/desk/termin/{booked.appointment_id}/")
    desk.screenshot(path=shots / "desk-card-notes.png", full_page=True)
    desk.goto(f"{site}/desk/eingang/")
    desk.screenshot(path=shots / "desk-inbox-notes.png", full_page=True)
    expect(desk.locator(".count")).to_have_text("3")
    desk.get_by_role("button", name="Übernehmen", exact=True).click()
    desk.get_by_role("button", name="Gelesen").click()
    expect(desk.locator(".count")).to_have_text("1")
    desk.goto(f"{site}/desk/termin/{booked.appointment_id}/")

    expect(desk.get_by_role("link", name="+491701234567")).to_be_visible()
    expect(desk.get_by_text("Ich komme zehn Minuten später.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_cancellation_taken_back_by_hand(site: str, open_page: OpenPage, script: bool) -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9) + timedelta(minutes=30))
    phone = open_page(SMALL, java_script_enabled=script)

    phone.goto(f"{site}/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/")
    phone.get_by_role("link", name="Absagen").click()
    phone.get_by_role("button", name="Ja, Termin absagen").click()
    phone.get_by_role("button", name="Absage zurücknehmen").click()

    expect(phone.get_by_role("heading", name="Ihr Termin gilt wieder")).to_be_visible()
    expect(phone.get_by_role("link", name="Verschieben")).to_be_visible()
