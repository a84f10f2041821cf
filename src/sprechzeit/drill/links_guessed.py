"""Links of invitations, appointments and holds: guessed, and made of the hashes that stand in the dump."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import token_bytes

import psycopg

from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.drill.browser import Browser
from sprechzeit.drill.members import browser_with, from_another_address, plant
from sprechzeit.drill.outcome import Opened, Tried
from sprechzeit.drill.own_link import book_own
from sprechzeit.drill.scene import Scene
from sprechzeit.staff.invite import invite
from sprechzeit.vault import Secret, link_to_text

HASHES = """
    select secret_hash from enrolment where practice_id = %(p)s
    union all select secret_hash from hold where practice_id = %(p)s
    union all (select manage_hash from appointment where practice_id = %(p)s and manage_hash is not null limit 6)
"""
VISIT_TYPE = "select min(id) from visit_type where practice_id = %s"
# Not the page that confirms an address: it is the same for every secret, and tells nothing.
BY_SECRET = (
    "/praxis/{slug}/mein-termin/{secret}/", "/praxis/{slug}/angaben/{secret}/", "/praxis/{slug}/code/{secret}/",
    "/praxis/{slug}/mein-termin/{secret}/termin.ics", "/praxis/{slug}/kontrolle/{secret}/",
    "/praxis/{slug}/nummer/{secret}/", "/angebot/{slug}/{secret}/",
)  # fmt: skip  # lines grouped by hand
RANDOM = 8


def guess_links(scene: Scene, practice: int, other: int) -> Tried:
    """The right ones open, and at another practice's address not even these."""
    slugs = {plan.practice: plan.slug for plan in scene.plans}
    keys = plant(scene, practice).keys
    with wearing(Role.DESK):
        invitation = invite(keys, SYSTEM)
    with psycopg.connect(scene.url()) as connection:
        (kind,) = connection.execute(VISIT_TYPE, [practice]).fetchone() or (0,)
        hashes = [bytes(one) for (one,) in connection.execute(HASHES, {"p": practice})]
    own = book_own(scene, practice, kind)
    browser = browser_with(scene, "")
    browser.get("/desk/anmelden/")  # for the token that forms need
    right = [_joins(browser, invitation), _manages(browser, slugs[practice], own.secret),
             _shows(browser, BY_SECRET[0], slugs[practice], own.secret),
             _shows(browser, BY_SECRET[1], slugs[practice], own.hold)]  # fmt: skip  # lines grouped by hand
    elsewhere = [own.secret, own.hold, invitation.split(".")[1]]
    tried = opened = 0
    for number, (where, secret) in enumerate(
        [(other, one) for one in elsewhere] + [(practice, one) for one in _guesses(hashes)]
    ):
        if number % 6 == 0:
            from_another_address(scene)
        found = [
            _joins(browser, f"{where}.{secret}"),
            _manages(browser, slugs[where], secret),
            *(_shows(browser, path, slugs[where], secret) for path in BY_SECRET),
        ]
        tried += len(found)
        opened += sum(found)
    browser.close()
    return Tried("links guessed, or made of their hashes", tried, len(right), sum(right), Opened(appointments=opened))


def _guesses(hashes: list[bytes]) -> Iterator[str]:
    for one in hashes[:6]:
        yield link_to_text(Secret(one[:16]))
        yield link_to_text(Secret(one[16:]))
    for _number in range(RANDOM):
        yield link_to_text(Secret(token_bytes(16)))


def _joins(browser: Browser, invitation: str) -> bool:
    return browser.post_json("/desk/einladung/beginn/", {"invitation": invitation}).status == 200


def _manages(browser: Browser, slug: str, secret: str) -> bool:
    header = {"Authorization": f"Bearer {secret}"}
    return browser.send("GET", f"/api/v1/practices/{slug}/appointment", headers=header).status == 200


def _shows(browser: Browser, path: str, slug: str, secret: str) -> bool:
    return browser.get(path.format(slug=slug, secret=secret)).status == 200
