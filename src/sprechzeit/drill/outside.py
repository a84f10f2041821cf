"""(a) Crawl the running server: debug pages, profilers, source, backups, documents; provoke errors of every kind."""

from __future__ import annotations

from sprechzeit.drill.browser import Browser
from sprechzeit.drill.decoy import CODES, decoy
from sprechzeit.drill.outcome import Opened, Step, Tried
from sprechzeit.drill.people import People
from sprechzeit.drill.scene import Scene
from sprechzeit.probe import probe

SECONDS = 280.0
HAS = "the address, and a list of what frameworks leave open"
PRACTICES = 12
PUBLIC = ("/praxis/{slug}/", "/api/v1/practices/{slug}", "/api/v1/practices/{slug}/visit-types")
DOCUMENTS = ("/", "/suche/?q=Berlin", "/robots.txt", "/api/v1/openapi.json")


def play(scene: Scene, people: People) -> Step:
    """Look as ``sprechzeit probe`` does: it is the attacker's crawler too. Then read what is public anyway."""
    report = probe(scene.address, ports=(), ca_file=scene.authority, seconds=SECONDS)
    with decoy() as address:
        seen = CODES & {one.code for one in probe(address, ports=(), seconds=SECONDS).findings}
    tried = Tried("paths, errors, headers and answers looked at", report.requests, len(CODES), len(seen))
    wrong = [f"{one.code}: {one.what} ({', '.join(one.where[:2])})" for one in report.findings]
    if not report.complete:
        wrong.append("not everything was looked at: " + "; ".join(report.notes))
    return Step("a", "Crawl from outside", HAS, (tried, _public_pages(scene, people)), wrong=tuple(wrong))


def _public_pages(scene: Scene, people: People) -> Tried:
    browser = Browser(scene.address, scene.authority)
    paths = [*DOCUMENTS, *(path.format(slug=plan.slug) for plan in scene.plans[:PRACTICES] for path in PUBLIC)]
    seen: set[bytes] = set()
    read = 0
    for path in paths:
        page = browser.get(path)
        read += page.status == 200
        seen |= people.seen_in(page.text.encode(), names=True)
    browser.close()
    planted = f"<td>{next(iter(people.mails)).decode()}</td>".encode()
    return Tried(
        "public pages and documents read for people",
        read,
        1,
        len(people.seen_in(planted, names=True)),
        Opened(len(seen)),
    )
