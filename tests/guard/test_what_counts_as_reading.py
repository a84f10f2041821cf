"""Nothing that shows names escapes the counting."""

from __future__ import annotations

from sprechzeit.audit.words import KINDS
from sprechzeit.guard.reads import CARDS, EXPORTS, NAMED, OPENED

NOT_OF_PATIENTS = {"block.view"}  # time kept free


def test_every_event_of_looking_is_counted() -> None:
    _name, looking = next(kind for key, kind in KINDS.items() if key == "einsicht")

    assert set(looking) - NOT_OF_PATIENTS <= NAMED | OPENED | CARDS | EXPORTS
