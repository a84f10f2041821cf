"""An open desk keeps up with what happens elsewhere, within two seconds, without losing what is being typed."""

from __future__ import annotations

import time

from playwright.sync_api import Page, Route, expect

from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.move import move_managed
from sprechzeit.practices.models import VisitType
from tests.factories import Made, book, in_days, make_bookable
from tests.journeys.conftest import OpenPage, add_authenticator
from tests.journeys.test_members_and_keys import at_work, invitation_to, join

SOON = 2_000  # milliseconds


def open_tomorrow(page: Page, site: str, made: Made) -> None:
    add_authenticator(page)
    join(page, invitation_to(site, made), "Emil Empfang")
    at_work(page, "Emil Empfang")
    with page.expect_response("**/desk/live/"):
        page.get_by_title("Nächster Tag").click()
    page.wait_for_timeout(300)  # the stream listens


def bookable() -> tuple[Made, VisitType]:
    return make_bookable(hours=(9, 11), days=1, change_until_minutes=0)


def book_online(made: Made, visit_type: VisitType, hour: int = 9) -> Booked:
    return book(made, visit_type, in_days(1, hour), last_name="Live", first_name="Lena")


def test_a_booking_a_move_and_a_cancellation_elsewhere_appear_at_once(site: str, open_page: OpenPage) -> None:
    made, visit_type = bookable()
    page = open_page()
    open_tomorrow(page, site, made)
    expect(page.locator(".entry")).to_have_count(0)

    booked = book_online(made, visit_type)
    expect(page.locator(".entry")).to_contain_text("Live, Lena", timeout=SOON)
    move_managed(made.id, booked.manage_secret, in_days(1, 10))
    expect(page.locator(".entry")).to_contain_text("10:00", timeout=SOON)
    cancel_managed(made.id, booked.manage_secret)

    expect(page.locator(".entry")).to_have_count(0, timeout=SOON)
    expect(page.get_by_text("1 abgesagter Termin")).to_be_visible()


def test_what_is_being_typed_and_the_open_card_stay(site: str, open_page: OpenPage) -> None:
    made, visit_type = bookable()
    book_online(made, visit_type, 9)
    page = open_page()
    open_tomorrow(page, site, made)
    page.locator(".entry").click()
    expect(page.locator("#panel .desk-card")).to_be_visible()
    search = page.get_by_role("searchbox", name="Patient suchen")
    search.press_sequentially("Mu")

    book_online(made, visit_type, 10)

    expect(page.locator(".entry")).to_have_count(2, timeout=SOON)
    expect(search).to_have_value("Mu")
    expect(search).to_be_focused()


def test_another_practices_changes_are_not_told(site: str, open_page: OpenPage) -> None:
    made, _ = bookable()
    other, visit_type = bookable()
    page = open_page()
    open_tomorrow(page, site, made)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    book_online(other, visit_type)
    time.sleep(1)

    assert [url for url in asked if "/desk/?tag=" in url] == []


def test_a_lost_connection_is_shown_and_healed_and_the_day_stays(site: str, open_page: OpenPage) -> None:
    made, visit_type = bookable()
    book_online(made, visit_type, 9)
    page = open_page(errors_allowed=("ERR_INTERNET_DISCONNECTED", "Failed to load", "net::"))
    open_tomorrow(page, site, made)
    expect(page.locator(".entry")).to_have_count(1)

    page.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
    expect(page.get_by_text("Keine Verbindung seit")).to_be_visible()
    expect(page.locator(".entry")).to_contain_text("Live, Lena")
    book_online(made, visit_type, 10)
    page.context.set_offline(False)
    page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")

    expect(page.get_by_text("Keine Verbindung seit")).to_be_hidden()
    expect(page.locator(".entry")).to_have_count(2)


def test_without_a_stream_it_polls(site: str, open_page: OpenPage) -> None:
    made, visit_type = bookable()
    page = open_page(errors_allowed=("status of 503",))

    def refuse(route: Route) -> None:
        route.fulfill(status=503)

    page.route("**/desk/live/", refuse)
    open_tomorrow(page, site, made)

    page.wait_for_timeout(2_500)  # the first poll has seen the empty day
    book_online(made, visit_type)

    expect(page.locator(".entry")).to_contain_text("Live, Lena", timeout=6_000)
