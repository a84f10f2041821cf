"""Data keys are stored sealed to the practice's public key."""

from __future__ import annotations

import pytest

from sprechzeit.vault import (
    Context,
    KeyPair,
    PrivateKey,
    generate_key_pair,
    hpke,
    new_data_key,
    open_data_key,
    open_sealed,
    seal,
    seal_data_key,
)
from sprechzeit.vault.datakey import LABEL
from sprechzeit.vault.framing import frame, number

from .refusal import assert_refused


def test_it_comes_back_with_its_id(key_pair: KeyPair) -> None:
    key = new_data_key(5)
    sealed = seal_data_key(key_pair.public, key, practice=7)

    assert open_data_key(key_pair.private, sealed, practice=7) == key
    assert open_data_key(PrivateKey(key_pair.private), sealed, practice=7) == key


def test_another_practice_does_not_open_it(key_pair: KeyPair) -> None:
    sealed = seal_data_key(key_pair.public, new_data_key(5), practice=7)

    assert_refused(lambda: open_data_key(key_pair.private, sealed, practice=8))
    assert_refused(lambda: open_data_key(generate_key_pair().private, sealed, practice=7))


def test_a_sealed_data_key_is_no_sealed_value_and_the_other_way_round(key_pair: KeyPair, context: Context) -> None:
    data_key = seal_data_key(key_pair.public, new_data_key(5), practice=context.practice)
    value = seal(key_pair.public, bytes(36), context)

    assert_refused(lambda: open_sealed(key_pair.private, data_key, context))
    assert_refused(lambda: open_data_key(key_pair.private, value, context.practice))


@pytest.mark.parametrize("plaintext", [b"", bytes(35), bytes(37), b"\xff" * 36])
def test_what_was_sealed_as_a_data_key_but_is_none_is_refused(key_pair: KeyPair, plaintext: bytes) -> None:
    sealed = hpke.encrypt(key_pair.public, plaintext, frame(LABEL, number(7)))

    assert_refused(lambda: open_data_key(key_pair.private, sealed, practice=7))
