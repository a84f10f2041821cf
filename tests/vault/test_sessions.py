"""A session opens with its row and its cookie together, never with one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import Secret, join, split

from .refusal import assert_refused

BUNDLE = Secret(b"all keys of the practice")


@given(st.binary(max_size=300), st.binary(min_size=1, max_size=40))
def test_row_and_cookie_give_the_bundle_back(bundle: bytes, session: bytes) -> None:
    halves = split(Secret(bundle), session)

    assert join(halves.row, halves.cookie_key, session) == Secret(bundle)


def test_the_row_shows_neither_bundle_nor_cookie_key() -> None:
    halves = split(BUNDLE, b"session")

    assert BUNDLE.reveal() not in halves.row
    assert halves.cookie_key.reveal() not in halves.row


def test_every_split_has_a_new_cookie_key() -> None:
    assert split(BUNDLE, b"session").cookie_key != split(BUNDLE, b"session").cookie_key


def test_the_cookie_of_another_session_does_not_open_the_row() -> None:
    one, other = split(BUNDLE, b"one"), split(BUNDLE, b"other")

    assert_refused(lambda: join(one.row, other.cookie_key, b"one"))


def test_a_row_moved_to_another_session_does_not_open() -> None:
    one = split(BUNDLE, b"one")

    assert_refused(lambda: join(one.row, one.cookie_key, b"other"))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_cookie_key_of_another_length_is_refused_at_the_door(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        join(split(BUNDLE, b"session").row, Secret(bytes(length)), b"session")


def test_a_session_needs_an_identifier() -> None:
    with pytest.raises(ValueError, match="identifier"):
        split(BUNDLE, b"")
