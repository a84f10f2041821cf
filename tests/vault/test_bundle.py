"""A session's bundle carries all keys of a practice and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import DataKey, KeyPair, Keyring, PracticeKeys, Secret, join, new_data_key, split

from .refusal import assert_refused

ids = st.sets(st.integers(0, 2**31 - 1), min_size=1, max_size=5)


def assert_same(one: PracticeKeys, other: PracticeKeys) -> None:
    assert one.practice == other.practice
    assert one.private == other.private
    assert dict(one.keyring.keys) == dict(other.keyring.keys)
    assert one.keyring.current == other.keyring.current


@given(st.integers(0, 2**63 - 1), st.binary(min_size=96, max_size=96), ids, st.data())
def test_the_same_keys_come_back(practice: int, private: bytes, ids: set[int], data: st.DataObject) -> None:
    current = data.draw(st.sampled_from(sorted(ids)))
    keyring = Keyring(keys={key_id: new_data_key(key_id) for key_id in ids}, current=current)
    keys = PracticeKeys(practice, Secret(private), keyring)

    assert_same(PracticeKeys.from_bytes(keys.to_bytes()), keys)


def test_it_goes_through_a_split_session(key_pair: KeyPair, keyring: Keyring) -> None:
    keys = PracticeKeys(7, key_pair.private, keyring)
    halves = split(keys.to_bytes(), b"session")

    again = PracticeKeys.from_bytes(join(halves.row, halves.cookie_key, b"session"))

    assert_same(again, keys)
    assert again.private_key.public == key_pair.public


def test_every_truncation_that_is_not_a_shorter_keyring_is_refused(key_pair: KeyPair, keyring: Keyring) -> None:
    raw = PracticeKeys(7, key_pair.private, keyring).to_bytes().reveal()

    for length in range(len(raw)):
        assert_refused(lambda length=length: PracticeKeys.from_bytes(Secret(raw[:length])))


def test_another_version_is_refused(key_pair: KeyPair, keyring: Keyring) -> None:
    raw = PracticeKeys(7, key_pair.private, keyring).to_bytes().reveal()

    assert_refused(lambda: PracticeKeys.from_bytes(Secret(b"\x02" + raw[1:])))


def test_a_key_twice_or_a_missing_current_key_is_refused(key_pair: KeyPair) -> None:
    key = DataKey(1, Secret(bytes(32)))
    raw = PracticeKeys(7, key_pair.private, Keyring({1: key}, 1)).to_bytes().reveal()

    assert_refused(lambda: PracticeKeys.from_bytes(Secret(raw + raw[-36:])))
    assert_refused(lambda: PracticeKeys.from_bytes(Secret(raw[:105] + b"\0\0\0\x09" + raw[109:])))


@pytest.mark.parametrize("length", [0, 32, 95, 97])
def test_a_private_key_of_another_length_is_refused_at_the_door(keyring: Keyring, length: int) -> None:
    with pytest.raises(ValueError, match="96 bytes"):
        PracticeKeys(7, Secret(bytes(length)), keyring)
