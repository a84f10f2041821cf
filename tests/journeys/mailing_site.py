"""The product's web server and its worker on the tests' database, as in the demo: mails lie at /demo/mails/."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page

from sprechzeit import clock
from sprechzeit.booking.models import Hold, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import VisitType
from tests.booking.booked import book_by_phone
from tests.conftest import FOLDER
from tests.factories import Made, make_bookable
from tests.journeys.conftest import free_port, wait_for


@contextmanager
def mailing_site(at: datetime | None = None) -> Iterator[str]:
    """Its address. Practices of the kind "demo" mail there; all others have no mail server.

    ``at`` is the moment from which its clock goes on, now when None.
    """
    port = free_port()
    address = f"http://localhost:{port}"
    environment = {**os.environ, "SPRECHZEIT_DATA": str(FOLDER), "PUBLIC_URL": address, "SPRECHZEIT_DEMO": "1"}
    if at is not None:
        environment["SPRECHZEIT_DEMO_CLOCK"] = at.isoformat()
    with (FOLDER / "journeys.log").open("ab") as log:
        web, worker = (
            subprocess.Popen(
                [sys.executable, "-m", "sprechzeit", *command],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            for command in (("serve", "--port", str(port), "--workers", "1"), ("worker",))
        )
    try:
        wait_for(address, web)
        yield address
    finally:
        for process in (web, worker):
            process.send_signal(signal.SIGTERM)
        for process in (web, worker):
            process.wait(40)


def make_mailing(**fields: Any) -> tuple[Made, VisitType]:
    """A practice that has its patients confirm their address, and mails as the demo does."""
    return make_bookable(kind="demo", **fields)


def mail_to(page: Page, site: str, address: str, part: str = "") -> str:
    """The newest mail to this address that has ``part`` in it, as the demo's page of mails shows it; waits for it."""
    reader = page.context.browser.new_page()
    try:
        for _try in range(80):
            reader.goto(f"{site}/demo/mails/")
            mails = reader.locator("article.mail", has=reader.get_by_text(address, exact=True)).all_inner_texts()
            found = next((text for text in mails if re.search(part, text)), "")
            if found:
                return found
            reader.wait_for_timeout(250)
    finally:
        reader.close()
    raise AssertionError("no such mail came")


def code_for(page: Page, site: str, address: str) -> str:
    """The six digits that were mailed to this address last."""
    digits = r"(?<!\d)\d{3} ?\d{3}(?!\d)"
    found = re.search(digits, mail_to(page, site, address, digits))
    assert found is not None
    return found[0]


def taken_by_somebody_else(made: Made, visit_type: VisitType, start: datetime) -> None:
    """The reservation ran out, and a caller has the time."""
    with wearing(Role.DESK), acting_for(made.id):
        over = clock.now() - timedelta(minutes=1)
        Hold.objects.filter(practice=made.id).update(expires_at=over)
        Occupancy.objects.filter(practice=made.id, hold__isnull=False).update(expires_at=over)
    book_by_phone(made, visit_type, start)
