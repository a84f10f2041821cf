"""Nothing that shows names escapes the counting."""

from __future__ import annotations

from sprechzeit.audit.words import KINDS
from sprechzeit.guard.reads import CARDS, EXPORTS, NAMED, OPENED

NOT_OF_PATIENTS = {"block.view"}  # time kept free
# An owner reads whom an incident reached, however many: each page asks for the passkey instead
# (tests/web/desk/test_incident_pages.py).
BEHIND_THE_PASSKEY = {"incident.view"}


def test_every_event_of_looking_is_counted() -> None:
    _name, looking = next(kind for key, kind in KINDS.items() if key == "einsicht")

    assert set(looking) - NOT_OF_PATIENTS - BEHIND_THE_PASSKEY <= NAMED | OPENED | CARDS | EXPORTS
