"""Check-ups in a browser: from the desk's list by the mail to the booking, or to a no that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.practices.models import Practice
from sprechzeit.recall.invite import invite_no_more
from sprechzeit.recall.models import Recall
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import rows
from tests.booking.reminded import change
from tests.factories import BERLIN, Made, in_days, make_session
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage
from tests.journeys.mailing_site import mail_to, mailing_site
from tests.journeys.test_accessibility import complaints
from tests.messages.mailbox import mail_server_set
from tests.recall.due import due, invite_all, links
from tests.recall.test_recalls_begin_and_end import renew


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_list_and_the_link_are_accessible(
    site: str, open_page: OpenPage, size: dict[str, int], scheme: str
) -> None:
    with mail_server_set():
        made, _, _ = due()
        invite_all(made)
        link = links(made)[0]
    page = open_page(size, color_scheme=scheme)

    page.goto(site + link)
    found = complaints(page)
    page.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
    page.goto(f"{site}/desk/kontrollen/")

    assert page.get_by_role("heading", name="Kontrollen").is_visible()
    assert found + complaints(page) == []


@pytest.fixture
def ready() -> Iterator[tuple[Made, str]]:
    """A practice that mails as the demo does, in which one patient is due; and its site."""
    with mail_server_set(), override_settings(DEMO=True):
        made, _, _ = due()
        change(made, Practice, kind=Practice.Kind.DEMO)
        with mailing_site() as address:
            yield made, address


def invitation(page: Page, site: str, made: Made) -> str:
    """The address of the link that this practice has mailed."""
    link = rf"/praxis/{made.practice.slug}/kontrolle/[^/\s]+/"
    found = re.search(link, mail_to(page, site, "erika@example.org", link))
    assert found is not None
    return site + found[0]


def invite_at_desk(page: Page, site: str, made: Made) -> None:
    page.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
    page.goto(f"{site}/desk/kontrollen/")
    page.get_by_role("button", name="Einladen", exact=True).click()
    expect(page.get_by_text("1 Patient ist eingeladen.")).to_be_visible()


def test_invited_at_the_desk_the_patient_books_by_the_link_and_the_desk_sees_it(
    ready: tuple[Made, str], open_page: OpenPage, shots: Path
) -> None:
    made, site = ready
    desk, phone = open_page(), open_page(PHONE)
    invite_at_desk(desk, site, made)

    phone.goto(invitation(phone, site, made))
    phone.screenshot(path=shots / "invitation.png", full_page=True)
    phone.locator("button.slot").first.click()

    expect(phone.get_by_role("heading", name="Ihr Termin", exact=True)).to_be_visible()
    desk.goto(f"{site}/desk/kontrollen/")
    expect(desk.get_by_text("Niemand ist fällig.")).to_be_visible()
    desk.goto(f"{site}/desk/?tag={in_days(1).astimezone(BERLIN).date().isoformat()}")
    expect(desk.locator(".entry")).to_have_count(1)
    assert [one.state for one in rows(made, Recall)] == ["booked"]


def test_declined_by_the_link_nobody_is_invited_again(
    ready: tuple[Made, str], open_page: OpenPage, shots: Path
) -> None:
    made, site = ready
    desk, phone = open_page(), open_page(PHONE)
    invite_at_desk(desk, site, made)
    link = invitation(phone, site, made)

    phone.goto(link)
    phone.get_by_role("button", name="Ich möchte dazu nicht mehr eingeladen werden").click()
    expect(phone.get_by_role("heading", name="Sie haben abgelehnt")).to_be_visible()

    phone.goto(link)
    expect(phone.get_by_text("Diese Einladung gilt nicht mehr.")).to_be_visible()
    desk.goto(f"{site}/desk/kontrollen/")
    expect(desk.get_by_text("Niemand ist fällig.")).to_be_visible()
    assert renew(made) == (0, 0)
    assert [one.state for one in rows(made, Recall)] == ["declined"]


def test_put_down_on_the_card_the_patient_is_on_the_list(
    ready: tuple[Made, str], open_page: OpenPage, shots: Path
) -> None:
    made, site = ready
    (recall,) = rows(made, Recall)
    with wearing(Role.DESK):
        invite_no_more(made.id, made.actor, recall.id)
    desk = open_page()
    desk.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])

    desk.goto(f"{site}/desk/patient/{recall.patient_id}/")
    desk.get_by_text("Zur Vorsorge einladen …").click()
    desk.screenshot(path=shots / "card-check-up.png", full_page=True)
    desk.get_by_role("button", name="Vormerken").click()
    expect(desk.get_by_text("· vorgemerkt")).to_be_visible()
    desk.goto(f"{site}/desk/kontrollen/")

    expect(desk.get_by_role("checkbox", name="Muster, Erika")).to_be_checked()
