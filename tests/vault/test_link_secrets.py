"""Link secrets: one spelling, one hash per purpose, and one secret that follows from another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import (
    MalformedLinkSecret,
    Secret,
    derive,
    link_from_text,
    link_hash,
    link_to_text,
    new_link_secret,
)

secrets = st.binary(min_size=16, max_size=16).map(Secret)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(secrets)
def test_it_comes_back_from_22_characters(secret: Secret) -> None:
    text = link_to_text(secret)

    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", text)
    assert link_from_text(text) == secret


@given(secrets)
def test_each_secret_has_one_spelling(secret: Secret) -> None:
    text = link_to_text(secret)

    for last in set(ALPHABET) - set("AQgw"):
        with pytest.raises(MalformedLinkSecret):
            link_from_text(text[:-1] + last)


@pytest.mark.parametrize(
    "text",
    [
        *["", "A" * 21, "A" * 23, "A" * 22 + "==", "A" * 10_000],
        *["A" * 21 + "\n", "A" * 22 + "\n", " " + "A" * 21, "\0" + "A" * 21],
        *["+" + "A" * 21, "/" + "A" * 21, "ä" + "A" * 21, "\uff21" + "A" * 21],
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MalformedLinkSecret, match=r"^a link secret has 22 characters of base64url$"):
        link_from_text(text)


def test_the_refusal_is_a_value_error_too() -> None:
    assert issubclass(MalformedLinkSecret, ValueError)


def test_every_secret_is_new() -> None:
    assert len({new_link_secret().reveal() for _ in range(100)}) == 100
    assert len(new_link_secret()) == 16


@given(secrets)
def test_the_hash_is_another_for_each_purpose_and_secret(secret: Secret) -> None:
    other = Secret(bytes(byte ^ 1 for byte in secret.reveal()))

    assert len(link_hash(secret, "manage")) == 32
    assert link_hash(secret, "manage") == link_hash(secret, "manage")
    assert link_hash(secret, "manage") != link_hash(secret, "hold")
    assert link_hash(secret, "manage") != link_hash(other, "manage")
    assert secret.reveal() not in link_hash(secret, "manage")


@given(secrets)
def test_a_derived_secret_is_a_link_secret_of_its_own(secret: Secret) -> None:
    derived = derive(secret, "manage")

    assert derived == derive(secret, "manage")
    assert derived != derive(secret, "other")
    assert derived != secret
    assert link_from_text(link_to_text(derived)) == derived


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_secret_of_another_length_is_refused_at_the_door(length: int) -> None:
    secret = Secret(bytes(length))

    with pytest.raises(ValueError, match="16 bytes"):
        link_to_text(secret)
    with pytest.raises(ValueError, match="16 bytes"):
        link_hash(secret, "manage")
    with pytest.raises(ValueError, match="16 bytes"):
        derive(secret, "manage")
