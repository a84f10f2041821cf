"""Walks the public pages: headers, cookies, where redirects lead, which origins may read."""

from __future__ import annotations

import re
import secrets
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

from sprechzeit.probe.client import Answer, Client
from sprechzeit.probe.findings import Found
from sprechzeit.probe.headers import look_at_cookies, look_at_headers, look_at_origin
from sprechzeit.probe.kinds import KINDS
from sprechzeit.probe.leaks import search_leaks

MOST_PAGES = 24
FOREIGN = "probe-elsewhere.invalid"  # RFC 2606: never a real host
FOREIGN_ORIGINS = (f"https://{FOREIGN}", "null")
ALWAYS = ("/desk/", "/en/", "/login/", "/api/v1/practices", "/robots.txt", "/favicon.ico")
WITH_SECRET = ("/praxis/probe/mein-termin/{}/", "/praxis/probe/angaben/{}/", "/reset/{}/", "/desk/einladung/{}/")
LINK = re.compile(rb"""(?:href|src)\s*=\s*["']([^"'#]+)""", re.IGNORECASE)
NAMES = ("next", "url", "redirect", "redirect_to", "redirect_uri", "return", "returnTo", "return_to", "continue",
         "dest", "destination", "goto", "target", "back", "callback")  # fmt: skip  # lines grouped by hand
REDIRECTING = ("/", "/login", "/login/", "/logout", "/desk/", "/desk/anmelden/", "/redirect", "/accounts/login/", "/go")


def look_at_pages(client: Client, found: Found, home: Answer) -> None:
    """The home page, what it links to, and addresses that hold a secret."""
    secret = secrets.token_urlsafe(16) + "A1"
    start = _links(client, home)
    paths = list(
        dict.fromkeys(
            [home.path, *start, *ALWAYS, f"/{secrets.token_hex(6)}/", *(one.format(secret) for one in WITH_SECRET)]
        )
    )

    def look(path: str) -> None:
        answer = client.ask(path)
        if answer is None:
            return
        if answer.status < 300 or answer.is_page:
            look_at_headers(answer, found, is_tls=client.target.is_tls)
        look_at_cookies(answer, found, is_tls=client.target.is_tls)
        _look_at_redirect(client, answer, found)
        search_leaks(answer, found)

    client.each(paths, look)

    def look_from_elsewhere(item: tuple[str, str]) -> None:
        path, origin = item
        answer = client.ask(path, headers={"Origin": origin})
        if answer is not None:
            look_at_origin(answer, origin, found)

    readable = (home.path, "/desk/", "/api/v1/practices", *start[:3])
    client.each([(path, origin) for path in dict.fromkeys(readable) for origin in FOREIGN_ORIGINS], look_from_elsewhere)


def look_at_redirects(client: Client, found: Found) -> None:
    """Ask to be sent elsewhere, in the ways in which that is usually asked."""
    foreign = quote(f"https://{FOREIGN}/", safe="")
    every = "&".join(f"{name}={foreign}" for name in NAMES)
    slashes = "&".join(f"{name}=%2F%2F{FOREIGN}%2F" for name in NAMES)
    wanted = [f"{path}?{query}" for path in REDIRECTING for query in (every, slashes)]
    wanted += [f"//{FOREIGN}/x", f"/%2F{FOREIGN}/x", f"/%5C{FOREIGN}/x", f"///{FOREIGN}/%2e%2e"]

    def look(path: str) -> None:
        answer = client.ask(path)
        if answer is not None:
            _look_at_redirect(client, answer, found)

    client.each(wanted, look)


def _look_at_redirect(client: Client, answer: Answer, found: Found) -> None:
    if not 300 <= answer.status < 400 or not answer.header("location"):
        return
    place = answer.path.partition("?")[0]
    try:
        leads = urlsplit(urljoin(client.target.url + "/", answer.header("location").replace("\\", "/")))
    except ValueError:
        return
    if leads.hostname == FOREIGN:
        found.add(KINDS["open-redirect"], f"{answer.status} to a host of the asker's choice", place)
    elif leads.scheme == "http" and client.target.is_tls and leads.hostname == client.target.host:
        found.add(KINDS["redirect-to-http"], f"{answer.status} to http://", place)


def _links(client: Client, home: Answer) -> list[str]:
    """Paths of this host that the page links to or loads, in its order."""
    base = urlsplit(client.target.url)
    paths: list[str] = []
    for raw in LINK.findall(home.body):
        try:
            one = urlsplit(urljoin(f"{client.target.url}{home.path}", unescape(raw.decode("utf-8", "replace"))))
        except ValueError:
            continue
        path = quote(one.path or "/", safe="/%:@!$&'()*+,;=~-._")
        if (one.scheme, one.netloc) == (base.scheme, base.netloc) and path not in paths:
            paths.append(path + (f"?{quote(one.query, safe='=&%+,;:@/?-._~')}" if one.query else ""))
    return paths[:MOST_PAGES]
