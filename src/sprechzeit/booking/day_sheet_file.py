"""The day sheet as one page that opens itself: no server, no request, its own content security policy.

The page's parts are in ``day_sheet_opener/``. Its script and style are named in the policy by their hashes, so that
nothing else runs, even if somebody managed to put markup into a name.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from sprechzeit.practices.models import Practice
from sprechzeit.vault import ClosedDaySheet, DaySheetWay

PARTS = Path(__file__).with_name("day_sheet_opener")
TOKENS = Path(__file__).parents[1] / "static" / "css" / "tokens.css"
SCRIPTS = ("words.js", "key.js", "texts.js", "show.js", "page.js")
POLICY = "default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Head:
    """What stands in clear: whose sheet it is, when it was made and for which local days (ISO 8601)."""

    practice: Practice
    made_at: datetime
    days: list[str]

    def to_bytes(self) -> bytes:
        """The very bytes that the encryption is bound to."""
        values = {
            "practice": self.practice.id,
            "slug": self.practice.slug,
            "name": self.practice.name,
            "phone": self.practice.phone,
            "made_at": self.made_at.astimezone(self.practice.zone).isoformat(timespec="seconds"),
            "days": self.days,
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def day_sheet_file(head: Head, closed: ClosedDaySheet, wrapped: Mapping[DaySheetWay, bytes]) -> bytes:
    """The whole page, UTF-8. ``wrapped``: each way's key as it is stored."""
    data = {
        "head": _text(head.to_bytes()),
        "content": _text(closed.content),
        "ways": [
            {
                "kind": way.kind,
                "salt": _text(way.salt),
                "iterations": way.iterations,
                "wrapped": _text(wrapped[way]),
                "key": _text(key),
            }
            for way, key in closed.keys.items()
        ],
    }
    style, script = _style(), _script()
    page = Template((PARTS / "page.html").read_text(encoding="utf-8")).substitute(
        policy=POLICY.format(script=_hash(script), style=_hash(style)),
        practice=escape(head.practice.name),
        style=style,
        script=script,
        data=json.dumps(data),  # of base64 and numbers: nothing in it could end the element
    )
    return page.encode()


def day_sheet_name(practice: Practice, made_at: datetime) -> str:
    """A file name that sorts by time."""
    return f"Tagesblatt_{made_at.astimezone(practice.zone):%Y-%m-%d_%H-%M}.html"


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


@cache
def _style() -> str:
    return "\n" + "".join(path.read_text(encoding="utf-8") for path in (TOKENS, PARTS / "page.css"))


@cache
def _script() -> str:
    """One function around all parts: nothing of it is reachable from outside."""
    parts = "\n".join((PARTS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return f'\n"use strict";\n(() => {{\n{parts}}})();\n'


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
