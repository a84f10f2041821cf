"""Menus close as people expect: by a click beside them, by Escape, and the focus goes back."""

from __future__ import annotations

from playwright.sync_api import expect

from sprechzeit.web.desk.door import cookie_name
from tests.factories import make_bookable, make_session
from tests.journeys.conftest import OpenPage


def test_a_menu_closes_by_a_click_beside_it_and_by_escape(site: str, open_page: OpenPage) -> None:
    made, _visit_type = make_bookable()
    page = open_page()
    page.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
    page.goto(f"{site}/desk/")
    menu = page.locator("details.menu")
    summary = menu.locator("summary")

    summary.click()
    expect(menu.get_by_role("link", name="Team")).to_be_visible()
    page.locator("h1").click()
    expect(menu.get_by_role("link", name="Team")).to_be_hidden()
    summary.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(menu.get_by_role("link", name="Team")).to_be_hidden()
    expect(summary).to_be_focused()
