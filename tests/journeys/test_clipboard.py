"""Calls about moving: cut here, put there, on another day; copied several times; by mouse and by keys."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from tests.factories import Made, in_days, make_bookable
from tests.journeys.conftest import OpenPage
from tests.journeys.test_moving_on_the_grid import open_tomorrow, stored
from tests.web.desk.furnish import booked_at_desk


def one_at_nine(**fields: int) -> Made:
    made, visit_type = make_bookable(clinicians=1, hours=(9, 12), days=3, **fields)
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Zieh", first_name="Zora")
    return made


def cell(page: Page, time: str) -> str:
    return f".day__cell[href*='T{time.replace(':', '%3A')}']"


def starts(made: Made) -> list[str]:
    with wearing(Role.DESK), acting_for(made.id):
        found = Appointment.objects.filter(practice=made.id).order_by("starts_at")
        return [f"{one.starts_at.astimezone(made.practice.zone):%d %H:%M}" for one in found]


def test_cut_on_the_card_and_put_on_another_day_by_a_click(site: str, open_page: OpenPage) -> None:
    made = one_at_nine()
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".entry").click()
    page.locator("#panel").get_by_role("button", name="Ausschneiden").click()
    bar = page.get_by_role("region", name="Ablage")
    expect(bar).to_contain_text("Zieh, Zora")
    expect(page.locator(".entry")).to_have_class(re.compile("entry--cut"))
    page.get_by_title("Nächster Tag").click()
    expect(bar.locator(".is-chosen")).to_be_visible()
    page.locator(cell(page, "10:30")).first.click()

    expect(page.locator(".entry")).to_contain_text("10:30")
    expect(bar).to_be_hidden()
    assert stored(made).starts_at == in_days(2, 10, 30)
    names_kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Zieh" not in names_kept


def test_by_keys_alone_a_copy_is_put_twice(site: str, open_page: OpenPage) -> None:
    made = one_at_nine()
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".entry").focus()
    page.keyboard.press("c")
    expect(page.locator(".clipboard .is-chosen")).to_contain_text("Kopie")
    for time in ("10:00", "11:00"):
        page.locator(cell(page, time)).first.focus()
        page.keyboard.press("v")
        expect(page.locator(".entry", has_text=time)).to_be_visible()

    expect(page.locator(".clipboard")).to_be_visible()
    assert [one.split()[1] for one in starts(made)] == ["09:00", "10:00", "11:00"]


def test_taken_off_the_clipboard_it_stays_where_it_was(site: str, open_page: OpenPage) -> None:
    made = one_at_nine()
    page = open_page()
    open_tomorrow(page, site, made)
    page.locator(".entry").focus()
    page.keyboard.press("x")
    expect(page.locator(".entry--cut")).to_be_visible()

    page.locator(".clipboard__drop").click()

    expect(page.locator(".clipboard")).to_have_count(0)
    expect(page.locator(".entry--cut")).to_have_count(0)
    assert stored(made).starts_at == in_days(1, 9)


def test_moved_by_somebody_else_meanwhile_it_is_told_before_anything_is_put(site: str, open_page: OpenPage) -> None:
    made = one_at_nine()
    page = open_page(errors_allowed=("status of 4", "net::ERR_FAILED"))
    page.route("**/desk/live/", lambda route: route.abort())
    page.route("**/desk/live/stand/**", lambda route: route.abort())
    open_tomorrow(page, site, made)
    page.locator(".entry").focus()
    page.keyboard.press("x")
    expect(page.locator(".clipboard .is-chosen")).to_be_visible()
    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, stored(made).id, in_days(3, 9), version=1)

    page.locator(cell(page, "11:00")).first.click()

    expect(page.locator("#panel")).to_contain_text("inzwischen geändert")
    assert stored(made).starts_at == in_days(3, 9)
    page.locator("#panel .times__choice").first.click()
    page.locator("#panel").get_by_role("button", name="Einsetzen", exact=True).click()
    expect(page.locator(".entry")).to_be_visible()
    assert stored(made).version == 3
