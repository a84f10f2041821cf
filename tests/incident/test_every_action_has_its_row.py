"""Whoever adds an action to the trail says what it discloses."""

from __future__ import annotations

from sprechzeit.audit.words import ACTIONS
from sprechzeit.guard.reads import CARDS, EXPORTS, NAMED, OPENED
from sprechzeit.incident.actions import DISCLOSED, NOTHING, Category, Effect, Names


def test_every_action_stands_in_the_table_or_discloses_nothing() -> None:
    assert set(ACTIONS) - DISCLOSED.keys() - NOTHING == set()
    assert DISCLOSED.keys() & NOTHING == set()


def test_the_table_knows_no_action_that_does_not_exist() -> None:
    assert (DISCLOSED.keys() | NOTHING) - ACTIONS.keys() == set()


def test_what_counts_as_reading_discloses_a_name() -> None:
    for action in NAMED | OPENED | CARDS:
        assert Category.NAME in DISCLOSED[action].categories, action


def test_what_counts_as_an_export_is_one() -> None:
    assert {DISCLOSED[action].effect for action in EXPORTS} == {Effect.EXPORTED}


def test_cards_name_the_appointment_first() -> None:
    assert {DISCLOSED[action].names for action in CARDS} == {Names.CARD}
