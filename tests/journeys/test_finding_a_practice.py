"""A patient finds a practice near home on a small phone, with script and without, and comes to its free times."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from sprechzeit.booking.next_free import renew
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from sprechzeit.practices.postcodes import coordinates_of
from tests.factories import Made, make_bookable
from tests.journeys.conftest import OpenPage

SMALL_PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 568}  # WCAG 2.2, 1.4.10


def make_findable(specialty: str, postal_code: str, **fields: object) -> Made:
    made, _visit_type = make_bookable(hours=(9, 12))
    list_as(made, specialty, postal_code, **fields)
    return made


def list_as(made: Made, specialty: str, postal_code: str, **fields: object) -> None:
    """The search finds it by these."""
    latitude, longitude = coordinates_of(postal_code) or (None, None)
    where = {"postal_code": postal_code, "latitude": latitude, "longitude": longitude}
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(specialties=[specialty], **where, **fields)
    with wearing(Role.WORKER):
        renew(made.id)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("script", [True, False])
def test_from_the_start_page_to_the_free_times(site: str, open_page: OpenPage, script: bool) -> None:
    specialty = f"Wegkunde {script}"
    near = make_findable(specialty, "10115", accepts_new=True)
    far = make_findable(specialty, "14467", accepts_new=False)
    page = open_page(SMALL_PHONE, java_script_enabled=script)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(site)
    page.get_by_label("Fachrichtung").select_option(specialty)
    page.get_by_label("Ort oder Postleitzahl").fill("10117")
    page.get_by_label("Umkreis").select_option("50")
    page.get_by_role("button", name="Praxen finden").click()
    expect(page.get_by_role("heading", name="2 Praxen im Umkreis von 50 km um 10117")).to_be_visible()
    page.get_by_role("link", name="Entfernung").click()
    expect(page.locator(".found__name a")).to_have_text([near.practice.name, far.practice.name])

    page.get_by_text("Weitere Filter").click()
    page.get_by_label("Für neue Patienten").check()
    page.get_by_role("button", name="Praxen finden").click()
    expect(page.locator(".found__name a")).to_have_text([near.practice.name])
    if script:
        assert fits(page)
    page.get_by_role("link", name=f"Filter entfernen: {'Für neue Patienten'}").click()
    expect(page.locator(".found__name a")).to_have_count(2)

    page.get_by_role("link", name=near.practice.name, exact=True).click()
    expect(page.get_by_role("heading", name="Sprechzeiten")).to_be_visible()
    page.go_back()
    page.locator(".found__next").first.click()
    expect(page.get_by_role("heading", name="Wann passt es Ihnen?")).to_be_visible()

    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert page.context.cookies() == []


def test_nothing_nearby_leads_to_a_wider_circle(site: str, open_page: OpenPage) -> None:
    made = make_findable("Fernkunde", "14467")
    page = open_page(SMALL_PHONE)

    page.goto(f"{site}/suche/?fach=Fernkunde&ort=10115&umkreis=5")
    page.get_by_role("link", name="1 Praxis im Umkreis von 50 km").click()

    expect(page.locator(".found__name a")).to_have_text([made.practice.name])


def test_it_can_be_used_with_the_keyboard_alone(site: str, open_page: OpenPage) -> None:
    made = make_findable("Tastenkunde", "10115")
    page = open_page(SMALL_PHONE)
    page.goto(site)

    page.get_by_label("Fachrichtung").focus()
    page.keyboard.type("Tastenkunde")
    page.keyboard.press("Tab")
    page.keyboard.type("10115")
    page.keyboard.press("Enter")

    expect(page.locator(".found__name a")).to_have_text([made.practice.name])


@pytest.mark.parametrize(
    "path", ["/", "/suche/?ort=10115&neu=1", "/suche/?ort=Nirgendwo", "", "impressum/", "datenschutz/"]
)
def test_every_page_fits_the_smallest_screen(site: str, open_page: OpenPage, path: str) -> None:
    made = make_findable("Donaudampfschifffahrtsgesellschaftsmedizin", "10115", city="Königs Wusterhausen")
    page = open_page(SMALLEST)

    page.goto(site + (path if path.startswith("/") else f"/praxis/{made.practice.slug}/{path}"))

    assert fits(page)
