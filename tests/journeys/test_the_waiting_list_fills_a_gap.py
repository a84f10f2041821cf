"""The desk cancels; the first who waits declines, the second accepts, and the desk sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from sprechzeit.booking.keeper import Keeper
from sprechzeit.booking.models import Appointment
from sprechzeit.vault import link_to_text
from sprechzeit.waiting.offering import look
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import rows
from tests.factories import book, in_days, make_session
from tests.journeys.conftest import OpenPage
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import make_full, offer_links

SMALL = {"width": 360, "height": 740}


def soon(links: Callable[[], list[str]], count: int, seconds: float = 20) -> str:
    """The newest link, once so many mails with offers are on their way."""
    end = time.monotonic() + seconds
    while len(links()) < count:
        assert time.monotonic() < end, "nobody was offered anything"
        time.sleep(0.1)
    return links()[-1]


def test_two_answers_fill_the_gap(site: str, open_page: OpenPage, shots: Path) -> None:
    with mail_server_set():
        made, visit_type = make_full(hours=(9, 11), clinicians=1)
        first = book(made, visit_type, in_days(1, 9), last_name="Anders")
        book(made, visit_type, in_days(1, 9, 30), last_name="Bleibt")
        second = book(made, visit_type, in_days(1, 10), last_name="Zuerst")
        third = book(made, visit_type, in_days(1, 10, 30), last_name="Danach")
        keeper = Keeper(look, name="waiting")
        keeper.start()
        try:
            assert keeper.is_listening.wait(10)
            for booked in (second, third):
                phone = open_page(SMALL)
                phone.goto(f"{site}/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/")
                phone.get_by_role("link", name="Früheren Termin wünschen").click()
                phone.screenshot(path=shots / "waiting-wish.png", full_page=True)
                phone.get_by_role("button", name="Auf die Warteliste").click()
                expect(phone.get_by_role("heading", name="Sie stehen auf der Warteliste")).to_be_visible()
            desk = open_page()
            desk.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])

            desk.goto(f"{site}/desk/termin/{first.appointment_id}/")
            desk.get_by_text("Absagen …").click()
            desk.get_by_role("button", name="Termin absagen").click()
            expect(desk.get_by_text("2 warten auf eine solche Zeit.")).to_be_visible()

            declining = open_page(SMALL)
            declining.goto(_here(site, soon(lambda: offer_links(made), 1)))
            declining.screenshot(path=shots / "waiting-offer.png", full_page=True)
            assert declining.evaluate("document.documentElement.scrollWidth") <= 360
            declining.get_by_role("button", name="Nein, ablehnen").click()
            expect(declining.get_by_role("heading", name="Sie haben abgelehnt")).to_be_visible()

            accepting = open_page(SMALL, color_scheme="dark")
            accepting.goto(_here(site, soon(lambda: offer_links(made), 2)))
            accepting.screenshot(path=shots / "waiting-offer-dark.png", full_page=True)
            desk.goto(f"{site}/desk/warteliste/")
            expect(desk.get_by_text("angeboten bis")).to_be_visible()
            expect(desk.get_by_text("abgelehnt")).to_be_visible()
            desk.screenshot(path=shots / "desk-waiting.png", full_page=True)
            accepting.get_by_role("button", name="Ja, diese Zeit nehmen").click()
            expect(accepting.get_by_role("heading", name="Diese Zeit gehört Ihnen")).to_be_visible()

            desk.goto(f"{site}/desk/warteliste/")
            expect(desk.get_by_text("Danach")).to_have_count(0)
            desk.goto(f"{site}/desk/?tag={in_days(1).date().isoformat()}")
            expect(desk.locator(f"#t-{third.appointment_id}")).to_contain_text("9:00")
        finally:
            keeper.stop()
    assert rows(made, Appointment, id=third.appointment_id)[0].starts_at == in_days(1, 9)
    assert rows(made, Appointment, id=second.appointment_id)[0].starts_at == in_days(1, 10)


def _here(site: str, link: str) -> str:
    """The link in the mail, at the address of this test's server."""
    return site + "/angebot/" + link.partition("/angebot/")[2]
