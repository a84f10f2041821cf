"""Records of a practice, AES-256-GCM under its data key, each bound to its place.

For what belongs to the practice and goes with it: names of its team, what a block is for. What is about a patient has a
key of its own besides (``keyed.py``).

Layout: version (1) | key id (4, big-endian) | random nonce (12) | ciphertext and tag (16 more than the
plaintext). Associated data: version, key id and context. Random nonces are safe for 2**32 records under one
data key (NIST SP 800-38D, section 8.3), far beyond what a practice writes between two rotations.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sprechzeit.vault.context import Context
from sprechzeit.vault.errors import CannotOpen
from sprechzeit.vault.secret import Secret, require_length

VERSION = b"\x01"
KEYED_VERSION = b"\x02"  # keyed.py
LABEL = b"sprechzeit/rec/2"  # 16 bytes, as long as BLAKE2b's personalisation may be
KEY_SIZE = 32
KEY_ID_SIZE = 4
KEY_ID_LIMIT = 2**31  # what a PostgreSQL integer holds
NONCE_SIZE = 12
TAG_SIZE = 16
HEADER_SIZE = len(VERSION) + KEY_ID_SIZE
BODY_START = HEADER_SIZE + NONCE_SIZE
OVERHEAD = BODY_START + TAG_SIZE


@dataclass(frozen=True, slots=True)
class DataKey:
    """One data key: an id from 0 to 2**31 - 1 that stands in clear in each record, and 32 random bytes."""

    id: int
    secret: Secret

    def __post_init__(self) -> None:
        if not 0 <= self.id < KEY_ID_LIMIT:
            raise ValueError("the id of a data key must lie between 0 and 2**31 - 1")
        require_length(self.secret, KEY_SIZE, "a data key")


@dataclass(frozen=True)
class Keyring:
    """The data keys of a practice by id; ``current`` names the one that new records are sealed with."""

    keys: Mapping[int, DataKey]
    current: int
    _ciphers: Mapping[bytes, AESGCM] = field(init=False, repr=False, compare=False)
    _begun: Mapping[bytes, hashlib.blake2b] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError("the current data key is not in the keyring")
        if any(key_id != key.id for key_id, key in self.keys.items()):
            raise ValueError("a data key is filed under another id than its own")
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))
        ciphers = {header_of(VERSION, key.id): AESGCM(key.secret.reveal()) for key in self.keys.values()}
        object.__setattr__(self, "_ciphers", ciphers)
        begun = {
            header_of(KEYED_VERSION, key.id): hashlib.blake2b(
                digest_size=KEY_SIZE, key=key.secret.reveal(), person=LABEL
            )
            for key in self.keys.values()
        }
        object.__setattr__(self, "_begun", begun)

    @property
    def current_key(self) -> DataKey:
        return self.keys[self.current]


def new_data_key(id: int) -> DataKey:
    """A new random data key."""
    return DataKey(id=id, secret=Secret(os.urandom(KEY_SIZE)))


def seal_record(key: DataKey, plaintext: bytes, context: Context) -> bytes:
    """Seal a record so that only holders of the data key can read it or make another. Adds 33 bytes."""
    header, nonce = header_of(VERSION, key.id), os.urandom(NONCE_SIZE)
    cipher = AESGCM(key.secret.reveal())
    return header + nonce + cipher.encrypt(nonce, plaintext, header + context.encode())


def open_record(keyring: Keyring, sealed: bytes, context: Context) -> bytes:
    """Open a record with the key that its header names; anything that does not fit is ``CannotOpen``."""
    header = sealed[:HEADER_SIZE]
    cipher = keyring._ciphers.get(header)
    if cipher is None or len(sealed) < OVERHEAD:
        raise CannotOpen
    try:
        return cipher.decrypt(sealed[HEADER_SIZE:BODY_START], sealed[BODY_START:], header + context.encode())
    except InvalidTag:
        raise CannotOpen from None


def key_id_of(sealed: bytes) -> int:
    """The id of the data key that a record names, unverified; ``CannotOpen`` if it is no record."""
    if len(sealed) < OVERHEAD or sealed[:1] not in {VERSION, KEYED_VERSION}:
        raise CannotOpen
    return int.from_bytes(sealed[1:HEADER_SIZE], "big")


def header_of(version: bytes, key_id: int) -> bytes:
    """What stands in clear before a record."""
    return version + key_id.to_bytes(KEY_ID_SIZE, "big")
