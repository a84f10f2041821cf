"""Asks for the addresses of ``paths.json``: what frameworks, tools and hurried hands leave on a server.

A hit is a status and a signature in the body (or a media type), so a server that answers 200 to everything gives one
finding and not seven hundred.
"""

from __future__ import annotations

import html
import json
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sprechzeit.probe.client import Answer, Client
from sprechzeit.probe.findings import Found, Kind, Severity
from sprechzeit.probe.kinds import KINDS
from sprechzeit.probe.leaks import search_leaks

HIT = {200, 203, 206}
PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Group:
    """Addresses that mean the same when they answer with the signature. ``media`` and ``not_media`` are parts of
    media types that a hit has or has not."""

    kind: Kind
    signature: re.Pattern[bytes]
    media: str
    not_media: str
    paths: tuple[str, ...]

    def fits(self, answer: Answer) -> bool:
        if answer.status not in HIT or (self.media and self.media not in answer.type):
            return False
        if self.not_media and self.not_media in answer.type:
            return False
        body, query = answer.body, answer.path.partition("?")[2]
        for own in (query, html.escape(query)) if query else ():  # a page may repeat what was asked
            body = body.replace(own.encode(), b"")
        return self.signature.search(body) is not None


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """All groups, as the file has them."""
    listed = json.loads((Path(__file__).parent / "paths.json").read_text(encoding="utf-8"))
    return tuple(
        Group(
            Kind(one["code"], Severity(one["severity"]), one["what"], one["mend"]),
            re.compile(one["body"].encode(), re.MULTILINE),
            one.get("type", ""),
            one.get("not_type", ""),
            tuple(one["paths"]),
        )
        for one in listed
    )


def look_at_known_paths(client: Client, found: Found) -> None:
    """Ask for each; whatever comes back is searched for leaks too."""
    canaries = [_canary(client, end) for end in ("", ".php", ".sql", "/")]
    anything = [answer for answer in canaries if answer is not None and answer.status in HIT]
    if anything:
        found.add(KINDS["answers-anything"], anything[0].told, "addresses made of random letters")

    def look(item: tuple[Group, str]) -> None:
        group, path = item
        answer = client.ask(path)
        if answer is None:
            return
        if group.fits(answer) and not any(group.fits(one) for one in anything):
            found.add(group.kind, answer.told, path)
        else:
            search_leaks(answer, found)

    client.each([(group, path) for group in groups() for path in group.paths], look)


def _canary(client: Client, end: str) -> Answer | None:
    return client.ask(f"/{secrets.token_hex(9)}{end}")
