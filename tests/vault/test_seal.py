"""Anyone may seal, only the practice opens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import Context, KeyPair, PrivateKey, Secret, generate_key_pair, open_sealed, seal

from .refusal import assert_refused, elsewhere

PAIR = generate_key_pair()
PLACE = Context(practice=7, table="booking_intake", column="form", row="1")


@given(st.binary(max_size=300), st.text(alphabet="abc-é", max_size=5))
def test_what_was_sealed_opens_again(plaintext: bytes, row: str) -> None:
    context = Context(practice=7, table="booking_intake", column="form", row=row)

    assert open_sealed(PAIR.private, seal(PAIR.public, plaintext, context), context) == plaintext


def test_it_opens_with_a_key_that_was_parsed_before(key_pair: KeyPair, context: Context) -> None:
    sealed = seal(key_pair.public, b"Erika", context)

    assert open_sealed(PrivateKey(key_pair.private), sealed, context) == b"Erika"


def test_the_same_plaintext_never_looks_the_same(key_pair: KeyPair, context: Context) -> None:
    assert seal(key_pair.public, b"Erika", context) != seal(key_pair.public, b"Erika", context)


def test_it_adds_1137_bytes_and_shows_nothing_of_the_plaintext(key_pair: KeyPair, context: Context) -> None:
    sealed = seal(key_pair.public, b"Erika Mustermann", context)

    assert len(sealed) == len(b"Erika Mustermann") + 1137
    assert b"Erika" not in sealed


def test_another_practices_key_does_not_open_it(key_pair: KeyPair, context: Context) -> None:
    sealed = seal(key_pair.public, b"Erika", context)

    assert_refused(lambda: open_sealed(generate_key_pair().private, sealed, context))


@pytest.mark.parametrize("kept", [slice(0, 64), slice(64, 96)], ids=["ML-KEM-768", "X25519"])
def test_one_half_of_the_hybrid_key_does_not_open_it(key_pair: KeyPair, context: Context, kept: slice) -> None:
    sealed = seal(key_pair.public, b"Erika", context)
    half = bytearray(generate_key_pair().private.reveal())
    half[kept] = key_pair.private.reveal()[kept]

    assert_refused(lambda: open_sealed(Secret(bytes(half)), sealed, context))


@pytest.mark.parametrize("place", elsewhere(PLACE), ids=["practice", "table", "column", "row"])
def test_it_does_not_open_in_another_place(key_pair: KeyPair, place: Context) -> None:
    sealed = seal(key_pair.public, b"Erika", PLACE)

    assert_refused(lambda: open_sealed(key_pair.private, sealed, place))


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31), b"\xff" * 32], ids=["zero", "one", "ones"])
def test_a_forged_encapsulated_key_of_low_order_is_refused_the_same_way(
    key_pair: KeyPair, context: Context, point: bytes
) -> None:
    sealed = seal(key_pair.public, b"Erika", context)
    forged = sealed[: 1 + 1088] + point + sealed[1 + 1088 + 32 :]

    assert_refused(lambda: open_sealed(key_pair.private, forged, context))


@pytest.mark.parametrize(
    "public",
    [b"", bytes(1215), bytes(1217), b"\xff" * 1216, PAIR.public[:1184] + bytes(32)],
    ids=["empty", "short", "long", "no ML-KEM key", "X25519 of low order"],
)
def test_a_malformed_public_key_is_refused_at_the_door(public: bytes, context: Context) -> None:
    with pytest.raises(ValueError, match=r"."):
        seal(public, b"Erika", context)
