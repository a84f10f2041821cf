"""Records open with their data key, in their place, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import (
    CannotOpen,
    Context,
    DataKey,
    Keyring,
    Secret,
    key_id_of,
    new_data_key,
    open_record,
    seal_record,
)

from .refusal import assert_refused, elsewhere

RING = Keyring(keys={1: new_data_key(1), 2: new_data_key(2)}, current=2)
PLACE = Context(practice=7, table="patients_patient", column="identity", row="42")


@given(st.binary(max_size=300), st.sampled_from([1, 2]), st.text(alphabet="abc-é", max_size=5))
def test_what_was_sealed_opens_again(plaintext: bytes, key_id: int, row: str) -> None:
    context = Context(practice=7, table="patients_patient", column="identity", row=row)

    sealed = seal_record(RING.keys[key_id], plaintext, context)

    assert open_record(RING, sealed, context) == plaintext
    assert key_id_of(sealed) == key_id
    assert len(sealed) == len(plaintext) + 33


def test_the_same_plaintext_never_looks_the_same(keyring: Keyring, context: Context) -> None:
    assert len({seal_record(keyring.current_key, b"Erika", context) for _ in range(100)}) == 100


@pytest.mark.parametrize("place", elsewhere(PLACE), ids=["practice", "table", "column", "row"])
def test_it_does_not_open_in_another_place(keyring: Keyring, place: Context) -> None:
    sealed = seal_record(keyring.current_key, b"Erika", PLACE)

    assert_refused(lambda: open_record(keyring, sealed, place))


def test_another_key_under_the_same_id_does_not_open_it(keyring: Keyring, context: Context) -> None:
    sealed = seal_record(new_data_key(2), b"Erika", context)

    assert_refused(lambda: open_record(keyring, sealed, context))


def test_a_key_that_is_not_in_the_keyring_is_refused_the_same_way(keyring: Keyring, context: Context) -> None:
    sealed = seal_record(new_data_key(3), b"Erika", context)

    assert_refused(lambda: open_record(keyring, sealed, context))


def test_the_key_id_is_authenticated_even_where_two_ids_hold_the_same_key(context: Context) -> None:
    same = Secret(bytes(32))
    keyring = Keyring(keys={1: DataKey(1, same), 2: DataKey(2, same)}, current=1)
    sealed = seal_record(keyring.keys[1], b"Erika", context)

    assert_refused(lambda: open_record(keyring, sealed[:4] + b"\x02" + sealed[5:], context))


@pytest.mark.parametrize("sealed", [b"", b"\x01" * 32, b"\x03" * 60])
def test_what_is_no_record_has_no_key_id(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        key_id_of(sealed)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_data_key_of_another_length_is_refused_at_the_door(length: int) -> None:
    with pytest.raises(ValueError, match="a data key must have 32 bytes"):
        DataKey(1, Secret(bytes(length)))


@pytest.mark.parametrize("key_id", [-1, 2**31])
def test_a_data_key_id_that_no_integer_column_holds_is_refused(key_id: int) -> None:
    with pytest.raises(ValueError, match="id of a data key"):
        new_data_key(key_id)


def test_a_keyring_needs_its_current_key() -> None:
    with pytest.raises(ValueError, match="current"):
        Keyring(keys={1: new_data_key(1)}, current=2)


def test_a_keyring_refuses_a_key_under_a_foreign_id() -> None:
    with pytest.raises(ValueError, match="another id"):
        Keyring(keys={1: new_data_key(2)}, current=1)


def test_a_keyring_does_not_change_with_the_mapping_it_was_made_of(context: Context) -> None:
    keys = {1: new_data_key(1)}
    keyring = Keyring(keys=keys, current=1)

    keys[2] = new_data_key(2)

    assert set(keyring.keys) == {1}
    with pytest.raises(TypeError):
        keyring.keys[2] = keys[2]
