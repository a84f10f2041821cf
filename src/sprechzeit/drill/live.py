"""(e) A really stolen live session, and a program's stolen token: scrape as fast as the server answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice, product, zip_longest

from sprechzeit import clock
from sprechzeit.booking.learn_limits import learn_limits
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.drill.browser import Browser, Page
from sprechzeit.drill.colleague import by_number, of_a_day, of_a_day_by_program, some_patients
from sprechzeit.drill.members import (
    Planted,
    browser_with,
    from_another_address,
    log_in_anew,
    noticed,
    plant,
    program_with,
    token_of,
)
from sprechzeit.drill.outcome import Noticed, Opened, Step, Tried
from sprechzeit.drill.own_key import ask_for_keys
from sprechzeit.drill.people import People
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.scraping import call_lists, cards, other_pages, searches, walk
from sprechzeit.drill.seen import Seen
from sprechzeit.guard.rules import QUOTA
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.token import open_token

HAS = "the cookie of a member at work, and the token of a program"
PATIENCE = 75.0  # seconds that one thief scrapes at most: beyond a minute the step has failed
MOST = 120  # requests of one thief; three times as many as the widest limits need
IN_TIME = 60.0  # seconds to the alarm
WAVES = 3
AT_ONCE = 2  # connections of the thief who has a token; the server has as many processes
SLACK = 0.03  # of the limit: the sketch's error (guard/sketch.py), said in docs/noticing.md


@dataclass(frozen=True)
class Scraped:
    """What one thief read until it was over, and when that was noticed."""

    seen: Seen
    was_stopped: bool
    noticed: Noticed | None

    @property
    def people(self) -> set[str]:
        return self.seen.people()


def play(scene: Scene, people: People) -> Step:
    """In the largest practice, whose limits are the widest. Its limits are learnt as each night."""
    practice = scene.plans[0].practice
    with wearing(Role.WORKER):
        limits = learn_limits(PracticeId(practice))
    from_another_address(scene)
    thief = plant(scene, practice)
    searched = _scrape_desk(scene, thief, thief.cookie)
    opened = searched.people
    later = _later_waves(scene, thief)
    new = later.people - opened
    calendar = _walk_calendar(scene, practice)
    by_token, days_by_token = _by_program(scene, practice)
    allowed = Opened(round(limits.opened_second * (1 + SLACK)), round(limits.named_second * (1 + SLACK)))
    stopped = {"search": searched, "calendar": calendar, "token": by_token, "token's days": days_by_token}
    wrong = [f"{name}: nobody stopped it" for name, one in stopped.items() if not one.was_stopped]
    alarms = [one.noticed for one in stopped.values() if one.noticed is not None]
    wrong += [f"the alarm came after {one.seconds:.0f} s" for one in alarms if one.seconds >= IN_TIME]
    if len(new) > allowed.patients * SLACK:
        wrong.append(f"{len(new)} further patients after new log-ins")
    tried = (
        _told("pages by a member's session: search, cards, lists", searched, *some_patients(scene, practice)),
        _told(f"pages after {WAVES} new log-ins, with the first", later, *some_patients(scene, practice), also=opened),
        _told("pages of the calendar by a member's session", calendar, *of_a_day(scene, practice), calendar=True),
        _told("searches by a program's token", by_token, *by_number(scene, practice)),
        _told("days by a program's token", days_by_token, *of_a_day_by_program(scene, practice), calendar=True),
        ask_for_keys(scene, practice),
    )
    return Step("e", "A live session is stolen", HAS, tried, tuple(alarms), 4, allowed, wrong=tuple(wrong))


def _told(
    what: str, scraped: Scraped, planted: int, seen: int, *, also: set[str] | None = None, calendar: bool = False
) -> Tried:
    count = len(scraped.people | (also or set()))
    return Tried(what, scraped.seen.requests, planted, seen, Opened(0, count) if calendar else Opened(count))


def _scrape_desk(scene: Scene, thief: Planted, cookie: str) -> Scraped:
    browser = browser_with(scene, cookie)
    ways = zip_longest(searches(browser), cards(scene, browser, thief.practice))  # the fastest, then the slow one
    pages = (page for some in ways for page in some if page is not None)
    whole = chain(other_pages(browser), islice(call_lists(scene, browser, thief), 1), pages)
    return _until_over(scene, thief, whole)


def _later_waves(scene: Scene, thief: Planted) -> Scraped:
    """The same member again: whoever has a passkey or a fresh cookie of somebody who was stopped."""
    whole = Seen(scene, thief.practice)
    for wave in range(WAVES):
        browser = browser_with(scene, log_in_anew(thief))
        found = _until_over(scene, thief, searches(browser, skip=40 * (wave + 1)), whole)
        if not found.was_stopped:
            return found
    return Scraped(whole, True, None)


def _walk_calendar(scene: Scene, practice: int) -> Scraped:
    thief = plant(scene, practice)
    browser = browser_with(scene, thief.cookie)
    return _until_over(scene, thief, walk(scene, browser, practice))


def _by_program(scene: Scene, practice: int) -> tuple[Scraped, Scraped]:
    owner = plant(scene, practice)
    search, days = token_of(owner), token_of(owner)
    searched = _until_over(
        scene, owner, _api_searches([program_with(scene, search) for _ in range(AT_ONCE)]), token=search
    )
    return searched, _until_over(scene, owner, _api_days(scene, program_with(scene, days)), token=days)


def _api_searches(browsers: list[Browser]) -> Iterator[Page]:
    """Over several connections at once, as a thief in a hurry does."""
    pairs = ["".join(pair) for pair in product("aeinrstlhmubkdgfocwz", repeat=2)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        for start in range(0, len(pairs), len(browsers)):
            yield from pool.map(_search_by_program, browsers, pairs[start : start + len(browsers)])


def _search_by_program(browser: Browser, text: str) -> Page:
    return browser.post_json("/api/v1/desk/patients/search", {"q": text})


def _api_days(scene: Scene, browser: Browser) -> Iterator[Page]:
    for number in range(MOST):
        day = scene.today + timedelta(days=(number + 1) // 2 * (-1 if number % 2 else 1))
        yield browser.get(f"/api/v1/desk/appointments?day={day}")


def _until_over(
    scene: Scene, thief: Planted, pages: Iterator[Page], seen: Seen | None = None, *, token: str = ""
) -> Scraped:
    """Read on until the server ends it."""
    seen = seen or Seen(scene, thief.practice)
    actor = str(thief.member)
    if token:
        with wearing(Role.DESK):
            actor = str(open_token(token).token)
    begun, end = clock.now(), time.monotonic() + PATIENCE
    was_stopped = False
    for number, page in enumerate(pages):
        seen.add(page.text)
        if is_over(page):
            was_stopped = True
            break
        if number >= MOST or time.monotonic() > end:
            break
    return Scraped(seen, was_stopped, noticed(scene, QUOTA.name, thief.practice, [actor], begun))


def is_over(page: Page) -> bool:
    """Whether this answer says that session or token are no more."""
    return "/desk/anmelden/" in page.location or "Sitzung beendet" in page.text or page.status == 401
