"""Records that can be shredded: each under a key of its own together with the practice's data key.

The key that encrypts is keyed BLAKE2b-256 (RFC 7693) of the record's own random key under the data key, a pseudo-random
function in both: without either of the two a record is noise. So what was erased stays closed in every old copy of the
database once the 32 bytes of its own key are gone, whoever holds the practice's keys; and these 32 bytes alone open
nothing.

Layout: version (2) | id of the data key (4, big-endian) | random nonce (12) | ciphertext and tag (16 more than the
plaintext), AES-256-GCM. Associated data: version, key id and context. As in ``record.py``, where version 1 is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sprechzeit.vault.context import Context, context_prefix
from sprechzeit.vault.errors import CannotOpen
from sprechzeit.vault.record import (
    BODY_START,
    HEADER_SIZE,
    KEY_SIZE,
    KEYED_VERSION,
    LABEL,
    NONCE_SIZE,
    OVERHEAD,
    DataKey,
    Keyring,
    header_of,
)
from sprechzeit.vault.secret import Secret, require_length

RECORD_KEY_SIZE = 32


def new_record_key() -> Secret:
    """A new random key for one record."""
    return Secret(os.urandom(RECORD_KEY_SIZE))


def seal_keyed(key: DataKey, record_key: Secret, plaintext: bytes, context: Context) -> bytes:
    """Seal a record so that only who has both keys can read it or make another. Adds 33 bytes."""
    require_length(record_key, RECORD_KEY_SIZE, "a record's key")
    header, nonce = header_of(KEYED_VERSION, key.id), os.urandom(NONCE_SIZE)
    derived = hashlib.blake2b(record_key.reveal(), digest_size=KEY_SIZE, key=key.secret.reveal(), person=LABEL).digest()
    return header + nonce + AESGCM(derived).encrypt(nonce, plaintext, header + context.encode())


def open_keyed(keyring: Keyring, record_key: Secret, sealed: bytes, context: Context) -> bytes:
    """Open a record with its own key and the data key that its header names; what does not fit is ``CannotOpen``."""
    row = (context.row, sealed, record_key.reveal())
    return open_many(keyring, [row], context.practice, context.table, context.column)[0]


def open_many(
    keyring: Keyring, records: Iterable[tuple[str, bytes, bytes]], practice: int, table: str, column: str
) -> list[bytes]:
    """Open one column of many rows, in their order; 2 microseconds a row.

    ``records`` are row, sealed value and the record's own key. All or nothing: one that does not open is ``CannotOpen``
    for the whole call; to find it, open them one by one.
    """
    prefix = context_prefix(practice, table, column)
    # The hash is begun once for each data key: that spares a third of the derivation.
    ready = {header: (begun.copy, header + prefix) for header, begun in keyring._begun.items()}
    opened: list[bytes] = []
    try:
        for row, sealed, record_key in records:
            if len(sealed) < OVERHEAD or len(record_key) != RECORD_KEY_SIZE:
                raise CannotOpen
            found = ready.get(sealed[:HEADER_SIZE])
            if found is None:
                raise CannotOpen
            begin, place = found
            name = row.encode()
            # the same bytes as header + Context.encode(), without building them anew for each row
            place += len(name).to_bytes(4, "big") + name
            derived = begin()
            derived.update(record_key)
            cipher = AESGCM(derived.digest())
            opened.append(cipher.decrypt(sealed[HEADER_SIZE:BODY_START], sealed[BODY_START:], place))
    except InvalidTag:
        raise CannotOpen from None
    return opened
