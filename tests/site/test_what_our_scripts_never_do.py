"""What no script of ours does: write HTML, run text, keep something in the browser that is not on the list."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "sprechzeit"
SCRIPTS = {str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.js"))}
WRITES_HTML = re.compile(r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment|srcdoc")
RUNS_TEXT = re.compile(r"\beval\s*\(|new\s+Function\b|set(?:Timeout|Interval)\s*\(\s*[\"'`]|javascript:")
KEEPS = re.compile(r"\b(?:localStorage|sessionStorage|indexedDB|caches)\b|document\.cookie")
KEPT = {
    "static/js/opener.js",  # the device secret of a passkey without PRF
    "static/js/day-sheet.js",  # when the sheet was last saved on this device, and which
    "static/js/desk-clipboard.js",  # which entry of the clipboard is chosen: an identifier
    "static/js/key-pin.js",  # the fingerprint of each practice's key
    "static/js/desk-keys.js",  # that the keys are switched off
}


def those_with(pattern: re.Pattern[str]) -> set[str]:
    return {name for name, text in SCRIPTS.items() if pattern.search(text)}


def test_there_are_scripts_to_look_at() -> None:
    assert len(SCRIPTS) > 30


def test_none_writes_html() -> None:
    assert those_with(WRITES_HTML) == set()


def test_none_runs_text() -> None:
    assert those_with(RUNS_TEXT) == set()


def test_only_those_on_the_list_keep_something_in_the_browser() -> None:
    assert those_with(KEEPS) == KEPT
