"""The menu of languages: it closes by Escape and by a click beside it, and works without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, OpenPage


def opened(page: Page, site: str) -> None:
    page.goto(site)
    page.locator(".tongues__head").click()
    expect(page.get_by_role("link", name="Türkçe")).to_be_visible()


def test_escape_closes_it_and_the_focus_goes_back(site: str, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    opened(page, site)

    page.get_by_role("link", name="Türkçe").focus()
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="Türkçe")).to_be_hidden()
    expect(page.locator(".tongues__head")).to_be_focused()


def test_a_click_elsewhere_closes_it(site: str, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    opened(page, site)

    page.locator("h1").click()

    expect(page.get_by_role("link", name="Türkçe")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
def test_it_leads_to_the_same_page_in_another_language(site: str, open_page: OpenPage, script: bool) -> None:
    page = open_page(PHONE, java_script_enabled=script)
    opened(page, f"{site}/suche/?fach=Nirgendskunde")

    page.get_by_role("link", name="Türkçe").click()

    expect(page).to_have_url(f"{site}/tr/suche/?fach=Nirgendskunde")
    expect(page.locator("html")).to_have_attribute("lang", "tr")
