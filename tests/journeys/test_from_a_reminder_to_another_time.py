"""A reminder arrives, its reader moves the appointment by its link, and the desk that is open sees it at once."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from django.test import override_settings
from playwright.sync_api import expect

from sprechzeit import clock
from sprechzeit.messages.models import Message
from sprechzeit.patients.consent import P
from sprechzeit.practices.models import Practice
from sprechzeit.web.desk.door import cookie_name
from tests.booking.reminded import REMIND, booked, change, plan, planned
from tests.factories import BERLIN, Made, in_days, make_session
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.mailing_site import mail_to, mailing_site, make_mailing
from tests.messages.mailbox import mail_server_set

EMAIL = "wird-erinnert@example.org"
SOON = 2_000  # milliseconds
LINK = re.compile(r"/praxis/\S+/mein-termin/[^/\s]+/")
W, X, S = Message.State.WAITING, Message.State.STOPPED, Message.State.SENT


def reminders(made: Made) -> set[tuple[datetime, int, str]]:
    """To which start, how many hours before, and what became of it."""
    return {
        (datetime.fromisoformat(one.facts["starts_at"]), one.facts["hours"], one.state) for one in planned(made)
    }  # fmt: skip  # lines grouped by hand


def test_who_is_reminded_moves_the_desk_sees_it_and_the_second_reminder_follows(
    open_page: OpenPage, shots: Path
) -> None:
    start, later = in_days(1, 15), in_days(1, 16)
    now, then = in_days(1, 11, 20), in_days(1, 12, 30)
    with mail_server_set(), override_settings(DEMO=True):
        made, visit_type = make_mailing(hours=(9, 17), days=2, reminder_hours=[4], second_reminder_hours=3)
        change(made, Practice, confirm_email=False)
        booked(made, visit_type, start, [*REMIND, P.REMINDER_AGAIN], email=EMAIL)

        with clock.travelled(now - clock.now()), mailing_site(now) as site:
            session = make_session(made)
            plan(made)  # the first is due since 11:00, the second at 12:00
            phone = open_page(PHONE)
            mail = mail_to(phone, site, EMAIL, "Erinnerung an Ihren Termin")
            assert (start, 3, W) in reminders(made)
            desk = open_page()
            desk.context.add_cookies([{"name": cookie_name(), "value": session, "url": site}])
            with desk.expect_response("**/desk/live/"):
                desk.goto(f"{site}/desk/?tag={start.astimezone(BERLIN).date().isoformat()}")
            desk.wait_for_timeout(300)  # the stream listens
            expect(desk.locator(".entry")).to_contain_text("15:00")

            link = LINK.search(mail)
            assert link is not None
            phone.goto(site + link[0])
            phone.get_by_role("link", name="Verschieben").click()
            phone.get_by_role("button", name="16:00").first.click()

            expect(phone.get_by_role("heading", name="Ihr Termin ist verschoben")).to_be_visible()
            expect(desk.locator(".entry")).to_contain_text("16:00", timeout=SOON)
            phone.screenshot(path=shots / "moved-by-a-reminder.png", full_page=True)
            assert reminders(made) == {(start, 4, S), (start, 3, X)}
            assert "16:00" in mail_to(phone, site, EMAIL, "Ihr Termin wurde verschoben")
            desk.close()  # its stream would keep the server from ending

        with clock.travelled(then - clock.now()):
            plan(made)
        assert reminders(made) == {(start, 4, S), (start, 3, X), (later, 4, W), (later, 3, W)}
