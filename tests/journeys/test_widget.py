"""The booking page on a practice's own site: a page of another origin shows it in a frame, and patients book there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect

from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.furnishing.booking_page import BookingPage, change_booking_page
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import rows
from tests.factories import Made, make_bookable, make_session
from tests.journeys.conftest import PHONE, OpenPage, free_port
from tests.journeys.mailing_site import code_for, mailing_site, make_mailing

PAGE = """<!doctype html><html lang="de"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Praxis</title><body style="margin:0"><h1>Unsere Praxis</h1>{snippet}<p id="below">Darunter</p></body></html>"""


class OwnSite(BaseHTTPRequestHandler):
    """The practice's own site: one page."""

    def __init__(self, pages: dict[str, str], *args: object) -> None:
        self.pages = pages
        super().__init__(*args)

    def do_GET(self) -> None:
        body = self.pages.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site(database: None) -> Iterator[str]:
    with mailing_site() as address:
        yield address


@contextmanager
def own_site_running() -> Iterator[tuple[int, dict[str, str]]]:
    """Its port on 127.0.0.1, which is another site than ``localhost`` to a browser, and its pages."""
    pages: dict[str, str] = {"/favicon.ico": " "}
    port = free_port()
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(OwnSite, pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield port, pages
    server.shutdown()
    server.server_close()


@pytest.fixture
def own_site() -> Iterator[tuple[int, dict[str, str]]]:
    with own_site_running() as running:
        yield running


def listed(made: Made, *origins: str) -> Made:
    with wearing(Role.DESK):
        change_booking_page(made.id, made.actor, BookingPage("", "", list(origins)))
    return made


def by_script(site: str, made: Made) -> str:
    return PAGE.format(
        snippet=f'<script src="{site}/static/widget.js" data-praxis="{made.practice.slug}" async></script>'
    )


def the_frame(page: Page) -> Frame:
    page.wait_for_selector("iframe")
    return next(one for one in page.frames if one is not page.main_frame)


def height(page: Page) -> float:
    box = page.locator("iframe").bounding_box()
    assert box is not None
    return box["height"]


def test_a_patient_books_inside_the_practices_site_on_a_phone(
    site: str, open_page: OpenPage, own_site: tuple[int, dict[str, str]], shots: Path
) -> None:
    port, pages = own_site
    made, _type = make_mailing(clinicians=2)
    home = f"http://127.0.0.1:{port}"
    listed(made, home)
    pages["/"] = by_script(site, made)
    page = open_page(PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{home}/")
    inside = page.frame_locator("iframe")
    inside.locator("a.choice").first.click()
    expect(inside.locator("button.slot").first).to_be_visible()
    page.wait_for_timeout(300)
    page.screenshot(path=shots / "widget-times.png", full_page=True)
    inside.locator("button.slot").first.click()
    inside.locator("#first_name").fill("Erika")
    inside.locator("#last_name").fill("Muster")
    inside.locator("#email").fill("im-rahmen@example.org")
    inside.locator("form button.button--primary").last.click()
    inside.get_by_label("Code aus der Mail").fill(code_for(page, site, "im-rahmen@example.org"))
    inside.get_by_role("button", name="Termin buchen").click()
    expect(inside.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    page.wait_for_timeout(300)
    page.screenshot(path=shots / "widget-booked.png", full_page=True)

    assert len(rows(made, Appointment)) == 1
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(home).netloc, urlsplit(site).netloc}
    assert page.context.cookies() == []
    assert page.url == f"{home}/"
    link = inside.locator("#link").input_value()
    assert link.startswith(f"{site}/praxis/{made.practice.slug}/mein-termin/")
    with page.context.expect_page() as opened:
        inside.get_by_role("link", name="Ändern oder absagen").click()
    window = opened.value
    window.wait_for_load_state()
    assert window.url == link
    assert window.get_by_role("link", name="Absagen").count() == 1


def test_the_frame_is_as_high_as_what_is_in_it(
    site: str, open_page: OpenPage, own_site: tuple[int, dict[str, str]]
) -> None:
    port, pages = own_site
    made, _type = make_bookable()
    home = f"http://127.0.0.1:{port}"
    listed(made, home)
    pages["/"] = by_script(site, made)
    page = open_page(PHONE)

    page.goto(f"{home}/")
    page.wait_for_function("document.querySelector('iframe').style.height !== '700px'")
    first = height(page)
    inner = the_frame(page).evaluate("document.documentElement.scrollHeight")
    the_frame(page).locator("a.choice").first.click()
    page.wait_for_function(f"document.querySelector('iframe').getBoundingClientRect().height !== {first}")
    page.wait_for_timeout(300)

    assert abs(first - inner) <= 1
    assert abs(height(page) - the_frame(page).evaluate("document.documentElement.scrollHeight")) <= 1


def test_it_takes_no_message_from_others_and_nothing_but_a_number(
    site: str, open_page: OpenPage, own_site: tuple[int, dict[str, str]]
) -> None:
    port, pages = own_site
    made, _type = make_bookable()
    home = f"http://127.0.0.1:{port}"
    listed(made, home)
    pages["/"] = by_script(site, made)
    page = open_page(PHONE)
    page.goto(f"{home}/")
    page.wait_for_function("document.querySelector('iframe').style.height !== '700px'")
    before = height(page)

    page.evaluate("window.postMessage(5000, '*')")  # from the page itself, not from the frame
    for wrong in ("'9999px'", "{height: 9999}", "1e9", "-5", "12.5"):
        the_frame(page).evaluate(f"parent.postMessage({wrong}, '*')")
    page.wait_for_timeout(300)

    assert height(page) == before


def test_a_site_that_is_not_listed_is_refused_by_the_browser(
    site: str, open_page: OpenPage, own_site: tuple[int, dict[str, str]]
) -> None:
    port, pages = own_site
    made, _type = make_bookable()
    listed(made, "https://www.praxis-beispiel.de")
    pages["/"] = by_script(site, made)
    pages["/plain"] = PAGE.format(snippet=f'<iframe src="{site}/praxis/{made.practice.slug}/" title="x"></iframe>')
    page = open_page(PHONE, errors_allowed=("frame-ancestors",))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    for address in ("/", "/plain"):
        page.goto(f"http://127.0.0.1:{port}{address}")
        page.wait_for_timeout(800)

        assert page.frame_locator("iframe").locator("a.choice").count() == 0, address
    assert sum("frame-ancestors" in one for one in said) >= 2


def test_the_plain_frame_works_without_any_script(
    site: str, open_page: OpenPage, own_site: tuple[int, dict[str, str]]
) -> None:
    port, pages = own_site
    made, _type = make_mailing()
    home = f"http://127.0.0.1:{port}"
    listed(made, home)
    pages["/"] = PAGE.format(
        snippet=f'<iframe src="{site}/widget/{made.practice.slug}/en/" width="100%" height="800" title="x"></iframe>'
    )
    page = open_page(PHONE, java_script_enabled=False)

    page.goto(f"{home}/")
    inside = page.frame_locator("iframe")
    inside.locator("a.choice").first.click()
    inside.locator("button.slot").first.click()
    inside.locator("#first_name").fill("Erika")
    inside.locator("#last_name").fill("Muster")
    inside.locator("#email").fill("im-blossen-rahmen@example.org")
    inside.locator("form button.button--primary").last.click()
    inside.locator("#mail_code").fill(code_for(page, site, "im-blossen-rahmen@example.org"))
    inside.locator("form button.button--primary").last.click()

    expect(inside.get_by_role("heading", name="Your appointment is booked")).to_be_visible()
    assert len(rows(made, Appointment)) == 1


def test_the_settings_show_it_and_nothing_can_be_booked_there(site: str, open_page: OpenPage, shots: Path) -> None:
    made, _type = make_bookable()
    page = open_page()
    page.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])

    page.goto(f"{site}/desk/einstellungen/buchungsseite/")
    page.locator("iframe").scroll_into_view_if_needed()
    inside = page.frame_locator("iframe")
    inside.locator("a.choice").first.click()
    expect(inside.locator("button.slot").first).to_be_visible()
    page.screenshot(path=shots / "settings-widget.png", full_page=True)
    inside.locator("button.slot").first.click()

    expect(inside.get_by_text("Das ist nur eine Vorschau")).to_be_visible()
    assert rows(made, Appointment) == []
