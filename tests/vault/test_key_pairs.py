"""Key pairs and their fingerprints."""

from __future__ import annotations

import re

import pytest

from sprechzeit.vault import KeyPair, PrivateKey, Secret, fingerprint, generate_key_pair, public_of


def test_every_key_pair_is_new(key_pair: KeyPair) -> None:
    other = generate_key_pair()

    assert other.public != key_pair.public
    assert other.private != key_pair.private


def test_the_public_key_follows_from_the_private_one(key_pair: KeyPair) -> None:
    assert public_of(key_pair.private) == key_pair.public
    assert len(key_pair.public) == 1216
    assert len(key_pair.private) == 96


def test_a_fingerprint_is_eight_groups_of_four_small_letters(key_pair: KeyPair) -> None:
    assert re.fullmatch(r"([a-z2-7]{4}-){7}[a-z2-7]{4}", fingerprint(key_pair.public))


def test_another_key_has_another_fingerprint(key_pair: KeyPair) -> None:
    changed = key_pair.public[:-1] + bytes([key_pair.public[-1] ^ 1])

    assert fingerprint(changed) != fingerprint(key_pair.public)


@pytest.mark.parametrize("length", [0, 32, 1215, 1217])
def test_a_public_key_of_another_length_has_no_fingerprint(length: int) -> None:
    with pytest.raises(ValueError, match="1216 bytes"):
        fingerprint(bytes(length))


@pytest.mark.parametrize("length", [0, 32, 95, 97])
def test_a_private_key_of_another_length_is_refused_at_the_door(length: int) -> None:
    with pytest.raises(ValueError, match="96 bytes"):
        PrivateKey(Secret(bytes(length)))
