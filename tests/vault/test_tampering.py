"""Whatever is changed in something sealed, it is refused, always in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import (
    Context,
    GrantContext,
    Keyring,
    PrivateKey,
    Secret,
    generate_key_pair,
    join,
    new_data_key,
    new_record_key,
    open_data_key,
    open_many,
    open_record,
    open_sealed,
    open_shreddable,
    reseal,
    reseal_keyed,
    seal,
    seal_data_key,
    seal_keyed,
    seal_record,
    seal_shreddable,
    split,
    unwrap,
    wrap,
)

from .refusal import assert_refused


@dataclass(frozen=True)
class Sealed:
    """Something sealed and how it is opened."""

    name: str
    blob: bytes
    open: Callable[[bytes], object]


def all_kinds() -> list[Sealed]:
    pair, session = generate_key_pair(), split(Secret(b"bundle"), b"session")
    private, place = PrivateKey(pair.private), Context(7, "table", "column", "row")
    ring = Keyring(keys={1: new_data_key(1), 2: new_data_key(2)}, current=2)
    grant, kek = GrantContext(7, "passkey", b"credential"), Secret(bytes(32))
    record, old = (seal_record(ring.keys[key_id], b"Erika", place) for key_id in (2, 1))
    own = new_record_key()
    keyed, keyed_old = (seal_keyed(ring.keys[key_id], own, b"Erika", place) for key_id in (2, 1))
    return [
        Sealed("seal", seal(pair.public, b"Erika", place), lambda blob: open_sealed(private, blob, place)),
        Sealed(
            "data key",
            seal_data_key(pair.public, new_data_key(1), 7),
            lambda blob: open_data_key(private, blob, 7),
        ),
        Sealed("record", record, lambda blob: open_record(ring, blob, place)),
        Sealed("keyed", keyed, lambda blob: open_many(ring, [("row", blob, own.reveal())], 7, "table", "column")),
        Sealed(
            "shreddable",
            seal_shreddable(pair.public, own, b"Erika", place),
            lambda blob: open_shreddable(private, own, blob, place),
        ),
        Sealed("grant", wrap(kek, Secret(b"material"), grant), lambda blob: unwrap(kek, blob, grant)),
        Sealed("session", session.row, lambda blob: join(blob, session.cookie_key, b"session")),
        Sealed("rotation", old, lambda blob: reseal(ring, blob, place)),
        Sealed("keyed rotation", keyed_old, lambda blob: reseal_keyed(ring, own, blob, place)),
    ]


def is_current(sealed: Sealed, blob: bytes | bytearray) -> bool:
    """To a rotation what names the current key is done already, so it is not opened."""
    return "rotation" in sealed.name and bytes(blob[:5]) in {b"\x01\0\0\0\x02", b"\x02\0\0\0\x02"}


KINDS = all_kinds()
each_kind = pytest.mark.parametrize("sealed", KINDS, ids=[kind.name for kind in KINDS])


@each_kind
def test_unchanged_it_opens(sealed: Sealed) -> None:
    assert sealed.open(sealed.blob)


@each_kind
def test_truncated_at_any_length_it_is_refused(sealed: Sealed) -> None:
    for length in range(len(sealed.blob)):
        assert_refused(lambda length=length: sealed.open(sealed.blob[:length]))


@each_kind
def test_with_its_beginning_cut_off_it_is_refused(sealed: Sealed) -> None:
    for start in range(1, len(sealed.blob)):
        assert_refused(lambda start=start: sealed.open(sealed.blob[start:]))


@each_kind
def test_with_any_byte_changed_it_is_refused(sealed: Sealed) -> None:
    for place in range(len(sealed.blob)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(sealed.blob)
            changed[place] ^= change
            if is_current(sealed, changed):
                continue
            assert_refused(lambda changed=changed: sealed.open(bytes(changed)))


@each_kind
def test_with_anything_appended_it_is_refused(sealed: Sealed) -> None:
    assert_refused(lambda: sealed.open(sealed.blob + b"\0"))


@each_kind
def test_any_other_version_is_refused(sealed: Sealed) -> None:
    for version in set(range(256)) - {sealed.blob[0]}:
        assert_refused(lambda v=version: sealed.open(bytes([v]) + sealed.blob[1:]))


@each_kind
def test_what_another_kind_sealed_is_refused(sealed: Sealed) -> None:
    same = ({"record", "rotation"}, {"keyed", "keyed rotation"})
    for other in KINDS:
        if is_current(sealed, other.blob):
            continue
        if other.name != sealed.name and not any({other.name, sealed.name} <= names for names in same):
            assert_refused(lambda other=other: sealed.open(other.blob))


@given(st.sampled_from(KINDS), st.binary(max_size=1300))
def test_any_other_bytes_are_refused(sealed: Sealed, blob: bytes) -> None:
    for candidate in (blob, b"\x01" + blob, b"\x01\0\0\0\x01" + blob, b"\x02\0\0\0\x01" + blob):
        if is_current(sealed, candidate):
            continue
        assert_refused(lambda candidate=candidate: sealed.open(candidate))
