"""A patient books on a small phone in Arabic, from right to left; nothing hangs over the edge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_bookable
from tests.journeys.conftest import OpenPage
from tests.journeys.mailing_site import code_for, mailing_site, make_mailing
from tests.journeys.test_accessibility import complaints
from tests.journeys.test_finding_a_practice import SMALL_PHONE, fits


@pytest.fixture(scope="module")
def site(database: None) -> Iterator[str]:
    with mailing_site() as address:
        yield address


def assert_arabic(page: Page) -> None:
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert fits(page)
    assert complaints(page) == []


def test_booking_in_arabic(site: str, open_page: OpenPage, shots: Path) -> None:
    made, _visit_type = make_mailing(hours=(9, 11), days=1, change_until_minutes=0)
    page = open_page(SMALL_PHONE)

    page.goto(f"{site}/praxis/{made.practice.slug}/")
    page.locator(".tongues__head").focus()
    page.keyboard.press("Enter")
    assert fits(page)
    page.get_by_role("link", name="العربية").click()
    expect(page).to_have_url(f"{site}/ar/praxis/{made.practice.slug}/")
    assert_arabic(page)
    page.locator("a.choice").click()
    expect(page.get_by_role("heading", name="ما الوقت المناسب لك؟")).to_be_visible()
    assert_arabic(page)
    first, second = (page.locator("button.slot").nth(n).bounding_box() for n in range(2))
    assert first
    assert second
    assert first["x"] > second["x"]  # times go on to the left

    page.get_by_role("button", name="09:30").click()
    page.get_by_label("الاسم الأول").fill("ليلى")
    page.get_by_label("اسم العائلة").fill("حداد")
    email = page.get_by_label("عنوان البريد الإلكتروني")
    email.fill("layla@example.org")
    assert email.evaluate("one => getComputedStyle(one).direction") == "ltr"
    assert_arabic(page)
    page.get_by_role("button", name="متابعة", exact=True).click()
    code = page.get_by_label("الرمز من الرسالة")
    code.fill(code_for(page, site, "layla@example.org"))
    assert code.evaluate("one => getComputedStyle(one).direction") == "ltr"
    assert_arabic(page)
    page.get_by_role("button", name="حجز الموعد").click()
    expect(page.get_by_role("heading", name="تم حجز موعدك")).to_be_visible()
    assert_arabic(page)
    page.screenshot(path=shots / "arabic-booked.png", full_page=True)


@pytest.mark.parametrize(("zone", "is_told"), [("Europe/Paris", False), ("Europe/Kyiv", True)])
def test_who_is_in_another_zone_is_told_whose_times_these_are(
    site: str, open_page: OpenPage, zone: str, is_told: bool
) -> None:
    made, _visit_type = make_bookable(hours=(9, 11), days=1, change_until_minutes=0)
    page = open_page(SMALL_PHONE, timezone_id=zone)
    told = page.locator("[data-zone]")

    page.goto(f"{site}/praxis/{made.practice.slug}/")
    page.locator("a.choice").click()
    expect(told).to_be_visible(visible=is_told)
    page.get_by_role("button", name="09:30").click()
    expect(told).to_be_visible(visible=is_told)
    page.get_by_label("Vorname").fill("Olena")
    page.get_by_label("Nachname").fill("Ivanenko")
    page.get_by_label("E-Mail-Adresse").fill("olena@example.org")
    page.get_by_role("button", name="Termin buchen").click()
    expect(page.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    expect(told).to_be_visible(visible=is_told)
    expect(told).to_contain_text("Europe/Berlin")
    expect(page.get_by_text("Alle Zeiten sind Ortszeit der Praxis.")).to_be_visible()


def test_without_script_the_zone_is_said_too(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable(hours=(9, 11), days=1)
    page = open_page(SMALL_PHONE, java_script_enabled=False, timezone_id="America/New_York")

    page.goto(f"{site}/praxis/{made.practice.slug}/termin/{visit_type.id}/")

    expect(page.get_by_text("Alle Zeiten sind Ortszeit der Praxis.")).to_be_visible()
    expect(page.locator("[data-zone]")).to_be_hidden()
