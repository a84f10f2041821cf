"""What holds for every page that patients see: light, from nobody else, quiet, on any screen, large enough to hit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from whitenoise.compress import Compressor

from sprechzeit import clock
from tests.factories import in_days
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage
from tests.journeys.heard import assert_well_ordered
from tests.journeys.mailing_site import mailing_site, taken_by_somebody_else
from tests.journeys.public_pages import PublicPages, make_public_pages
from tests.journeys.test_accessibility import complaints
from tests.journeys.test_finding_a_practice import SMALLEST, fits

MOST_BYTES = 60_000
LEAST_TARGET = 24  # CSS px: WCAG 2.2, 2.5.8

SMALL_TARGETS = """(least) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((one) => !one.closest(".trap, .skip-link, .visually-hidden, [hidden]") && one.type !== "hidden")
  // In a sentence a link is as high as its line (2.5.8, "Inline"); a box in its label is hit by the label.
  .filter((one) => !(getComputedStyle(one).display === "inline" && one.closest("p, li, dd, address, td")))
  .map((one) => (one.matches("input[type=checkbox], input[type=radio]") && one.closest("label")) || one)
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < least - .5 || box.height < least - .5))
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""


@pytest.fixture(scope="module")
def at_noon(database: None) -> Iterator[tuple[str, PublicPages]]:
    """The site's clock begins at tomorrow's noon: whoever tests at midnight draws a number too."""
    with clock.travelled(in_days(1, 12) - clock.now()), mailing_site(clock.now()) as address:
        yield address, make_public_pages()


def sent(page: Page, address: str) -> tuple[int, set[str]]:
    """Bytes of a first visit, and the hosts asked.

    Pages as the server sends them. It compresses static files in production only (``STORAGES`` in the settings); they
    are counted as WhiteNoise makes them there.
    """
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright takes no built-in
    page.goto(address, wait_until="networkidle")
    total = 0
    for answer in answers:
        sizes = answer.request.sizes()
        is_static = "/static/" in answer.url
        body = len(Compressor.compress_gzip(answer.body())) if is_static else sizes["responseBodySize"]
        total += body + sizes["responseHeadersSize"]
    return total, {urlsplit(answer.url).netloc for answer in answers}


def test_a_first_visit_is_light_and_asks_nobody_else(
    at_noon: tuple[str, PublicPages], open_page: OpenPage, record_property: Any
) -> None:
    site, pages = at_noon

    counted = {}
    for name, address in pages.all.items():
        page = open_page(PHONE)
        counted[name], hosts = sent(page, site + address)
        assert hosts == {urlsplit(site).netloc}, name
        page.context.close()
    record_property("bytes", counted)

    assert {name: size for name, size in counted.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("zoom", [1, 2], ids=["320 px", "640 px at 200 %"])
def test_the_narrowest_screen_needs_no_sideways_scrolling_and_has_targets_to_hit(
    at_noon: tuple[str, PublicPages], open_page: OpenPage, scheme: str, zoom: int
) -> None:
    """A browser of 640 px at 200 % lays out 320 CSS px, each of two device pixels (WCAG 2.2, 1.4.10)."""
    site, pages = at_noon
    page = open_page(SMALLEST, device_scale_factor=zoom, color_scheme=scheme)

    too_wide, too_small = [], {}
    for name, address in pages.all.items():
        page.goto(site + address)
        if not fits(page):
            too_wide.append(name)
        too_small[name] = page.evaluate(SMALL_TARGETS, LEAST_TARGET)

    assert too_wide == []
    assert {name: found for name, found in too_small.items() if found} == {}


def test_each_is_read_out_in_order(at_noon: tuple[str, PublicPages], open_page: OpenPage) -> None:
    site, pages = at_noon
    page = open_page()

    for address in pages.all.values():
        page.goto(site + address)
        assert_well_ordered(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_any_state(
    at_noon: tuple[str, PublicPages], open_page: OpenPage, scheme: str, size: dict[str, int]
) -> None:
    site, pages = at_noon
    page = open_page(size, color_scheme=scheme)

    found = {}
    for name, address in pages.all.items():
        answer = page.goto(site + address)
        assert answer is not None
        assert (answer.status < 400) == (name in pages.found), name
        found[name] = complaints(page)
    page.goto(site + pages.asked_first)
    page.get_by_role("button", name="Weiter zu den Zeiten").click()
    found["questions not answered"] = complaints(page)
    page.locator("input[value=ja]").first.check()
    page.get_by_role("button", name="Weiter zu den Zeiten").click()
    found["not online"] = complaints(page)
    page.goto(site + pages.code)
    page.get_by_label("Code aus der Mail").fill("1")
    page.get_by_role("button", name="Termin buchen").click()
    found["wrong code"] = complaints(page)
    page.goto(site + pages.found["new contact data"])
    page.locator("form button.button--primary").click()
    found["wrong contact data"] = complaints(page)
    page.goto(site + pages.times)
    start = datetime.fromisoformat(page.locator("button.slot").first.get_attribute("value") or "")
    page.locator("button.slot").first.click()
    page.wait_for_url("**/angaben/**")
    page.locator("form button.button--primary").click()
    found["errors in the form"] = complaints(page)
    page.get_by_label("Vorname").fill("Erika")
    page.get_by_label("Nachname").fill("Muster")
    page.get_by_label("Geburtsdatum").fill("1.2.1980")
    page.get_by_label("E-Mail-Adresse").fill("erika@example.org")
    for _clinician in pages.made.clinicians:
        taken_by_somebody_else(pages.made, pages.visit_type, start)
    page.locator("form button.button--primary").click()
    expect(page.get_by_text("Andere freie Zeiten")).to_be_visible()
    found["time gone"] = complaints(page)

    assert {name: lines for name, lines in found.items() if lines} == {}
