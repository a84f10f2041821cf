"""What is about a patient opens with two keys, the practice's and the record's own, and with neither of them alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import (
    Context,
    DataKey,
    KeyPair,
    Keyring,
    Secret,
    key_id_of,
    new_data_key,
    new_record_key,
    open_keyed,
    open_many,
    open_record,
    open_sealed,
    open_shreddable,
    reseal_keyed,
    seal,
    seal_keyed,
    seal_record,
    seal_shreddable,
    with_new_key,
)

from .refusal import assert_refused, elsewhere

RING = Keyring(keys={1: new_data_key(1), 2: new_data_key(2)}, current=2)
OWN = new_record_key()
PLACE = Context(practice=7, table="patient", column="name_sealed", row="42")


@given(st.binary(max_size=300), st.sampled_from([1, 2]), st.text(alphabet="abc-é", max_size=5))
def test_what_was_sealed_opens_again(plaintext: bytes, key_id: int, row: str) -> None:
    context = Context(practice=7, table="patient", column="name_sealed", row=row)

    sealed = seal_keyed(RING.keys[key_id], OWN, plaintext, context)

    assert open_keyed(RING, OWN, sealed, context) == plaintext
    assert key_id_of(sealed) == key_id
    assert len(sealed) == len(plaintext) + 33


def test_the_same_plaintext_never_looks_the_same() -> None:
    assert len({seal_keyed(RING.current_key, OWN, b"Erika", PLACE) for _ in range(100)}) == 100


def test_without_the_records_own_key_all_of_the_practices_keys_open_nothing() -> None:
    sealed = seal_keyed(RING.current_key, OWN, b"Erika", PLACE)

    for other in (new_record_key(), Secret(bytes(32)), RING.current_key.secret):
        assert_refused(lambda other=other: open_keyed(RING, other, sealed, PLACE))
    assert_refused(lambda: open_record(RING, sealed, PLACE))
    assert_refused(lambda: open_record(RING, b"\x01" + sealed[1:], PLACE))


def test_the_records_own_key_without_the_practices_opens_nothing() -> None:
    sealed = seal_keyed(RING.current_key, OWN, b"Erika", PLACE)
    other = Keyring(keys={2: new_data_key(2)}, current=2)
    itself = Keyring(keys={2: DataKey(2, OWN)}, current=2)

    assert_refused(lambda: open_keyed(other, OWN, sealed, PLACE))
    assert_refused(lambda: open_keyed(itself, OWN, sealed, PLACE))


@pytest.mark.parametrize("place", elsewhere(PLACE), ids=["practice", "table", "column", "row"])
def test_it_does_not_open_in_another_place(place: Context) -> None:
    sealed = seal_keyed(RING.current_key, OWN, b"Erika", PLACE)

    assert_refused(lambda: open_keyed(RING, OWN, sealed, place))


def test_what_has_no_key_of_its_own_is_another_kind() -> None:
    sealed = seal_record(RING.current_key, b"Erika", PLACE)

    assert_refused(lambda: open_keyed(RING, OWN, sealed, PLACE))
    assert_refused(lambda: open_keyed(RING, OWN, b"\x02" + sealed[1:], PLACE))


@given(st.lists(st.tuples(st.text(alphabet="ab-é", max_size=4), st.binary(max_size=40)), max_size=20))
def test_opening_many_is_opening_each(rows: list[tuple[str, bytes]]) -> None:
    sealed = []
    for at, (row, plaintext) in enumerate(rows):
        own, context = new_record_key(), Context(7, "table", "column", row)
        sealed.append((row, seal_keyed(RING.keys[1 + at % 2], own, plaintext, context), own.reveal()))

    opened = open_many(RING, sealed, practice=7, table="table", column="column")

    assert opened == [plaintext for _, plaintext in rows]
    assert opened == [
        open_keyed(RING, Secret(own), blob, Context(7, "table", "column", row)) for row, blob, own in sealed
    ]


def test_of_many_one_with_anothers_key_stops_all() -> None:
    own = [new_record_key(), new_record_key()]
    rows = [
        (str(row), seal_keyed(RING.current_key, key, b"Erika", Context(7, "t", "c", str(row))), key.reveal())
        for row, key in enumerate(own)
    ]
    swapped = [(rows[0][0], rows[0][1], rows[1][2]), rows[1]]

    assert_refused(lambda: open_many(RING, swapped, 7, "t", "c"))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_seals_nothing_and_opens_nothing(key_pair: KeyPair, length: int) -> None:
    sealed = seal_keyed(RING.current_key, OWN, b"Erika", PLACE)

    assert_refused(lambda: open_keyed(RING, Secret(bytes(length)), sealed, PLACE))
    with pytest.raises(ValueError, match="a record's key must have 32 bytes"):
        seal_keyed(RING.current_key, Secret(bytes(length)), b"Erika", PLACE)
    with pytest.raises(ValueError, match="a record's key must have 32 bytes"):
        seal_shreddable(key_pair.public, Secret(bytes(length)), b"Erika", PLACE)


def test_a_rotation_keeps_the_records_own_key() -> None:
    rotated = with_new_key(RING)
    sealed = seal_keyed(RING.current_key, OWN, b"Erika", PLACE)

    again = reseal_keyed(rotated, OWN, sealed, PLACE)

    assert again is not None
    assert key_id_of(again) == rotated.current
    assert reseal_keyed(rotated, OWN, again, PLACE) is None
    only_new = Keyring(keys={rotated.current: rotated.current_key}, current=rotated.current)
    assert open_keyed(only_new, OWN, again, PLACE) == b"Erika"
    assert_refused(lambda: reseal_keyed(rotated, new_record_key(), sealed, PLACE))


def test_what_is_sealed_to_the_practice_needs_the_records_own_key_too(key_pair: KeyPair) -> None:
    sealed = seal_shreddable(key_pair.public, OWN, b"Erika", PLACE)

    assert open_shreddable(key_pair.private, OWN, sealed, PLACE) == b"Erika"
    assert len(sealed) == len(b"Erika") + 1166
    assert_refused(lambda: open_shreddable(key_pair.private, new_record_key(), sealed, PLACE))
    assert_refused(lambda: open_sealed(key_pair.private, sealed, PLACE))
    assert_refused(lambda: open_shreddable(key_pair.private, OWN, seal(key_pair.public, b"Erika", PLACE), PLACE))


@pytest.mark.parametrize("place", elsewhere(PLACE), ids=["practice", "table", "column", "row"])
def test_what_is_sealed_to_the_practice_does_not_open_in_another_place(key_pair: KeyPair, place: Context) -> None:
    sealed = seal_shreddable(key_pair.public, OWN, b"Erika", PLACE)

    assert_refused(lambda: open_shreddable(key_pair.private, OWN, sealed, place))
