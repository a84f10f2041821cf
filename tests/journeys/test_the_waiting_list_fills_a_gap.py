"""The desk cancels; the first who waits declines, another who has no appointment yet accepts, and the desk sees it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from sprechzeit.booking.keeper import Keeper
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import link_to_text
from sprechzeit.waiting.offering import look
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import rows
from tests.factories import Made, book, in_days, make_session
from tests.journeys.conftest import OpenPage
from tests.journeys.mailing_site import mail_to, mailing_site
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import make_full, offer_links

SMALL = {"width": 360, "height": 740}
NORA, ZUERST = "nora@example.org", "zuerst@example.org"
OFFER = r"http\S+/angebot/\S+"


@pytest.fixture
def mailing(database: None) -> Iterator[str]:
    """Not for the other test: the worker here would take its mails away."""
    with mailing_site() as address:
        yield address


def mailed_link(page: Page, site: str, to: str, pattern: str) -> str:
    """The link of this form in the newest mail to this address that has one."""
    found = re.search(pattern, mail_to(page, site, to, pattern))
    assert found is not None
    return found[0]


def soon(found: Callable[[], list[str]], count: int, seconds: float = 20) -> list[str]:
    """The links, once so many mails are on their way."""
    end = time.monotonic() + seconds
    while len(found()) < count:
        assert time.monotonic() < end, "no mail"
        time.sleep(0.1)
    return found()


def waits_for_earlier(site: str, phone: Page, made: Made, secret: str, shots: Path) -> None:
    """By the link of the appointment that they have."""
    phone.goto(f"{site}/praxis/{made.practice.slug}/mein-termin/{secret}/")
    phone.get_by_role("link", name="Früheren Termin wünschen").click()
    phone.screenshot(path=shots / "waiting-wish.png", full_page=True)
    phone.get_by_role("button", name="Auf die Warteliste").click()
    expect(phone.get_by_role("heading", name="Sie stehen auf der Warteliste")).to_be_visible()


def waits_without(site: str, phone: Page, made: Made, visit_type: VisitType, shots: Path) -> None:
    """From the page where nothing is free, confirmed by the link in the mail."""
    phone.goto(f"{site}/praxis/{made.practice.slug}/termin/{visit_type.id}/")
    phone.screenshot(path=shots / "waiting-nothing-free.png", full_page=True)
    phone.get_by_role("link", name="Auf die Warteliste").click()
    phone.screenshot(path=shots / "waiting-ask.png", full_page=True)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Auf die Warteliste").click()
    expect(phone.get_by_role("alert")).to_contain_text("Vorname")
    phone.screenshot(path=shots / "waiting-ask-problem.png", full_page=True)
    phone.get_by_label("Vorname").fill("Nora")
    phone.get_by_label("Nachname").fill("Ohnetermin")
    phone.get_by_label("E-Mail-Adresse").fill(NORA)
    phone.get_by_role("button", name="Auf die Warteliste").click()
    expect(phone.get_by_role("heading", name="Bitte sehen Sie in Ihre E-Mails")).to_be_visible()
    phone.screenshot(path=shots / "waiting-look.png", full_page=True)
    phone.goto(mailed_link(phone, site, NORA, r"http\S+/warteliste/\S+bestaetigen=\w+"))
    phone.screenshot(path=shots / "waiting-confirm.png", full_page=True)
    phone.get_by_role("button", name="Ja, ich möchte warten").click()
    expect(phone.get_by_role("heading", name="Sie stehen auf der Warteliste")).to_be_visible()
    phone.screenshot(path=shots / "waiting-place.png", full_page=True)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def set_practice(made: Made, **fields: object) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(**fields)


def test_two_answers_fill_the_gap(mailing: str, open_page: OpenPage, shots: Path) -> None:
    """With a worker and real mails: the first is read by who has an appointment, the second by who has none."""
    with override_settings(DEMO=True):  # as it is on the site
        made, visit_type = make_full(hours=(9, 11), clinicians=1, days=1, kind="demo")
        first = book(made, visit_type, in_days(1, 9), last_name="Anders", email="anders@example.org")
        book(made, visit_type, in_days(1, 9, 30), last_name="Bleibt", email="bleibt@example.org")
        second = book(made, visit_type, in_days(1, 10), last_name="Zuerst", email=ZUERST)
        book(made, visit_type, in_days(1, 10, 30), last_name="Auch", email="auch@example.org")
    set_practice(made, confirm_email=True)
    waits_for_earlier(mailing, open_page(SMALL), made, link_to_text(second.manage_secret), shots)
    waits_without(mailing, open_page(SMALL), made, visit_type, shots)
    desk = open_page()
    desk.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": mailing}])

    desk.goto(f"{mailing}/desk/termin/{first.appointment_id}/")
    desk.get_by_text("Absagen …").click()
    desk.get_by_role("button", name="Termin absagen").click()
    expect(desk.get_by_text("2 warten auf eine solche Zeit.")).to_be_visible()

    declining = open_page(SMALL)
    declining.goto(mailed_link(declining, mailing, ZUERST, OFFER))
    declining.screenshot(path=shots / "waiting-offer.png", full_page=True)
    assert declining.evaluate("document.documentElement.scrollWidth") <= 360
    declining.get_by_role("button", name="Nein, ablehnen").click()
    expect(declining.get_by_role("heading", name="Sie haben abgelehnt")).to_be_visible()

    accepting = open_page(SMALL, color_scheme="dark")
    accepting.goto(mailed_link(accepting, mailing, NORA, OFFER))
    accepting.screenshot(path=shots / "waiting-offer-dark.png", full_page=True)
    desk.goto(f"{mailing}/desk/warteliste/")
    expect(desk.get_by_text("angeboten bis")).to_be_visible()
    expect(desk.get_by_text("abgelehnt")).to_be_visible()
    expect(desk.get_by_text("Ohnetermin")).to_be_visible()
    desk.screenshot(path=shots / "desk-waiting.png", full_page=True)
    accepting.get_by_role("button", name="Ja, diese Zeit nehmen").click()
    expect(accepting.get_by_role("heading", name="Diese Zeit gehört Ihnen")).to_be_visible()

    accepting.goto(mailed_link(accepting, mailing, NORA, r"http\S+/mein-termin/\S+"))  # the confirmation
    expect(accepting.get_by_role("main")).to_contain_text("09:00")
    desk.goto(f"{mailing}/desk/warteliste/")
    expect(desk.get_by_text("Ohnetermin")).to_have_count(0)
    [made_now] = [one for one in rows(made, Appointment) if one.starts_at == in_days(1, 9) and one.is_open]
    desk.goto(f"{mailing}/desk/?tag={in_days(1).date().isoformat()}")
    expect(desk.locator(f"#t-{made_now.id}")).to_contain_text("Ohnetermin")
    assert rows(made, Appointment, id=second.appointment_id)[0].starts_at == in_days(1, 10)


def test_of_several_at_once_the_second_reads_that_somebody_was_faster(
    site: str, open_page: OpenPage, shots: Path
) -> None:
    with mail_server_set():
        made, visit_type = make_full(hours=(9, 11), clinicians=1, days=1)
        first = book(made, visit_type, in_days(1, 9), last_name="Anders")
        waiting = [book(made, visit_type, in_days(1, 10, minute), last_name="Wartet") for minute in (0, 30)]
        book(made, visit_type, in_days(1, 9, 30), last_name="Bleibt")
        desk = open_page()
        desk.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
        desk.goto(f"{site}/desk/einstellungen/praxis/")
        desk.get_by_label("Eine frei gewordene Zeit bekommt angeboten").select_option("2")
        desk.screenshot(path=shots / "desk-waiting-setting.png", full_page=True)
        desk.get_by_role("button", name="Speichern").click()
        keeper = Keeper(look, name="waiting")
        keeper.start()
        try:
            assert keeper.is_listening.wait(10)
            for booked in waiting:
                waits_for_earlier(site, open_page(SMALL), made, link_to_text(booked.manage_secret), shots)
            desk.goto(f"{site}/desk/termin/{first.appointment_id}/")
            desk.get_by_text("Absagen …").click()
            desk.get_by_role("button", name="Termin absagen").click()
            expect(desk.get_by_text("2 warten auf eine solche Zeit.")).to_be_visible()
            phones = [open_page(SMALL), open_page(SMALL, color_scheme="dark")]
            for phone, link in zip(phones, soon(lambda: offer_links(made), 2), strict=True):
                phone.goto(_here(site, link))
                expect(phone.get_by_text("Wer zuerst annimmt, bekommt sie.")).to_be_visible()
            phones[0].screenshot(path=shots / "waiting-offer-several.png", full_page=True)
            desk.goto(f"{site}/desk/warteliste/")
            expect(desk.get_by_text("und 1 anderem zugleich")).to_have_count(2)
            desk.screenshot(path=shots / "desk-waiting-several.png", full_page=True)

            for phone in phones:
                phone.get_by_role("button", name="Ja, diese Zeit nehmen").click()

            expect(phones[0].get_by_role("heading", name="Diese Zeit gehört Ihnen")).to_be_visible()
            expect(phones[1].get_by_role("heading", name="Diese Zeit ist schon vergeben")).to_be_visible()
            phones[1].screenshot(path=shots / "waiting-missed-dark.png", full_page=True)
            desk.goto(f"{site}/desk/warteliste/")
            expect(desk.get_by_text("jemand war schneller")).to_have_count(1)
        finally:
            keeper.stop()
    assert sorted(one.starts_at for one in rows(made, Appointment, id__in=[one.appointment_id for one in waiting])) in (
        [in_days(1, 9), in_days(1, 10)],
        [in_days(1, 9), in_days(1, 10, 30)],
    )


def _here(site: str, link: str) -> str:
    """The link in the mail, at the address of this test's server."""
    return site + "/angebot/" + link.partition("/angebot/")[2]
