"""(f) A real session and a real token of one practice, at every door of another; and the database's own roles."""

from __future__ import annotations

from datetime import timedelta

import psycopg

from sprechzeit import clock
from sprechzeit.drill.as_role import Walked, walk_roles
from sprechzeit.drill.browser import Browser, Page
from sprechzeit.drill.checksum import checksums, settled_checksums
from sprechzeit.drill.doors import address, api_operations, desk_doors, form
from sprechzeit.drill.furnished import Furnished, furnish
from sprechzeit.drill.live import is_over
from sprechzeit.drill.members import browser_with, from_another_address, log_in_anew, program_with
from sprechzeit.drill.outcome import Opened, Step, Tried
from sprechzeit.drill.own_link import Own, book_own
from sprechzeit.drill.people import People
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.seen import Seen

HAS = "a session, a token and a link of one practice, and the database's log-ins of the web side"
SHOWN = {
    "appointment",
    "patient",
    "patient-correct",
    "patient-merge",
    "patient-erase",
    "patient-access",
    "trail-patient",
    "move",
    "block",
    "location",
    "resource",
    "weekly-hours",
    "visit-type",
    "visit-type-rules",
    "visit-type-messages",
    "letter",
}  # pages about one thing that the own practice's session must get, or a refusal would prove nothing


def play(scene: Scene, people: People) -> Step:
    """In two of the smaller practices: what separates them is the same for all."""
    own, other = (furnish(scene, plan.practice) for plan in scene.plans[-2:])
    from_another_address(scene)
    with psycopg.connect(scene.url(), autocommit=True) as connection:
        before = settled_checksums(connection, other.practice)
    ways = (_at_desk(scene, own, other), _by_api(scene, own, other))
    walked = walk_roles(scene, own.practice, other.practice)
    with psycopg.connect(scene.url()) as connection:
        after = checksums(connection, other.practice)
    wrong = [f"rows of {table} have changed" for table, found in before.items() if after[table] != found]
    wrong += [line for _tried, lines in ways for line in lines] + list(walked.wrong)
    tried = (*(one for one, _lines in ways), *_of_roles(walked))
    return Step("f", "Another practice, every door", HAS, tried, wrong=tuple(wrong))


def _at_desk(scene: Scene, own: Furnished, other: Furnished) -> tuple[Tried, list[str]]:
    """Every address, looked at and sent a form, with the other practice's ids wherever one may stand."""
    seen, wrong = Seen(scene, other.practice), []
    browser = _logged_in(scene, own)
    start = (clock.now() + timedelta(days=3)).isoformat(timespec="minutes")
    query = "&".join(
        f"{name}={other.ids[of]}"
        for name, of in (
            ("patient", "patient"),
            ("bei", "resource"),
            ("art", "visit_type"),
            ("mit", "patient"),
            ("spalten", "resource"),
        )
    )
    for name, named in desk_doors():
        path = address(name, named, other.ids)
        for method in ("GET", "POST"):
            page = browser.get(f"{path}?{query}") if method == "GET" else browser.post(path, form(other.ids, start))
            seen.add(page.text)
            if page.status >= 500:
                wrong.append(f"{method} of {name} answered {page.status}")
            elif named and page.status == 200 and _names(page, other):
                wrong.append(f"{method} of {name} knows what is another practice's")
            if is_over(page):
                browser.close()
                browser = _logged_in(scene, own)
    found = [name for name, named in desk_doors() if name in SHOWN and _gets(browser, address(name, named, own.ids))]
    browser.close()
    what = "requests to addresses of the desk with the other's ids"
    return Tried(what, seen.requests, len(SHOWN), len(found), Opened(len(seen.people()))), wrong


def _names(page: Page, other: Furnished) -> bool:
    """Whether a page that is no refusal has a way on to one of the other's things."""
    return any(f"/{other.ids[one]}/" in page.text for one in ("appointment", "patient", "block", "member"))


def _logged_in(scene: Scene, own: Furnished) -> Browser:
    browser = browser_with(scene, log_in_anew(own.owner))
    browser.get("/desk/sicherheit/")
    return browser


def _gets(browser: Browser, path: str) -> bool:
    return browser.get(path).status == 200


def _by_api(scene: Scene, own: Furnished, other: Furnished) -> tuple[Tried, list[str]]:
    """Every operation: the other's slug with the own link, hold, code and visit type, and the own token."""
    seen, wrong, given = Seen(scene, other.practice), [], 0
    link = book_own(scene, own.practice, int(own.ids["visit_type"]))
    slugs = {plan.practice: plan.slug for plan in scene.plans}
    for method, path, at_desk in api_operations():
        for where in (slugs[other.practice], slugs[own.practice]):
            mixed = {"visit_type": own.ids["visit_type"]}
            if where == slugs[own.practice]:
                mixed = {"visit_type": other.ids["visit_type"]}
            page = _ask(
                scene, method, path.format(slug=where, **mixed), own.token if at_desk else link.secret, mixed, link
            )
            seen.add(page.text)
            has_other = any(f'"{other.ids[one]}"' in page.text for one in ("appointment", "patient"))
            mixes = "visit_type}" in path or "/holds" in path or path.endswith(("appointment", "move", "cancel"))
            if page.status >= 500 or has_other:
                wrong.append(f"{method} {path} answered {page.status}")
            elif page.status < 300 and mixes and where == slugs[other.practice] and "release" not in path:
                wrong.append(f"{method} {path} takes what is another practice's")
            given += 1
    controls = [
        _ask(scene, "GET", f"/api/v1/practices/{slugs[own.practice]}/appointment", link.secret, {}, link),
        _ask(scene, "GET", "/api/v1/desk/appointments", own.token, {}, link),
        _ask(scene, "POST", "/api/v1/desk/patients/search", own.token, {}, link),
        _ask(scene, "POST", f"/api/v1/practices/{slugs[own.practice]}/appointment/cancel", link.secret, {}, link),
    ]
    worked = sum(one.status == 200 for one in controls)
    what = "requests to operations of the API with things of both"
    return Tried(what, given, len(controls), worked, Opened(len(seen.people()))), wrong


def _ask(scene: Scene, method: str, path: str, secret: str, mixed: dict[str, str], link: Own) -> Page:
    browser = program_with(scene, secret)
    day = clock.now().date().isoformat()
    body = {
        "q": "Müller", "visit_type": int(mixed.get("visit_type", 0)), "start": link.another, "hold": link.hold,
        "code": "123456", "claims": link.claims,
    }  # fmt: skip  # lines grouped by hand
    if method == "GET":
        page = browser.get(f"{path}?day={day}" if "/desk/" in path else path)
    else:
        page = browser.post_json(path, _body_of(path, body), method)
    browser.close()
    return page


def _body_of(path: str, body: dict[str, object]) -> dict[str, object]:
    """The fields that the operation knows; it refuses others."""
    person = {"first_name": "Dora", "last_name": "Drill", "email": "dora@drill.example"}
    for end, names in (
        ("search", ("q",)),
        ("/holds", ("visit_type", "start", "claims")),
        ("release", ("hold",)),
        ("code", ("hold", "code")),
        ("move", ("start",)),
        ("cancel", ()),
    ):
        if path.endswith(end):
            return {name: body[name] for name in names}
    return {"hold": body["hold"], "claims": body["claims"], **person}


def _of_roles(walked: Walked) -> tuple[Tried, ...]:
    opened = Opened(walked.patients, walked.appointments, walked.members)
    return (
        Tried("statements by the roles on the other's rows", walked.statements, walked.planted, walked.seen, opened),
        Tried("sealed columns asked for by the patients' side", walked.sealed, walked.sealed, walked.sealed_for_desk),
    )
