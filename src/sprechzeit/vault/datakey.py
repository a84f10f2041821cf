"""Data keys at rest: sealed to the practice's public key, so that a grant wraps only the private key.

Whoever holds the private key opens all data keys, old and new; a rotation touches no grant.
"""

from __future__ import annotations

from sprechzeit.vault import hpke
from sprechzeit.vault.errors import CannotOpen
from sprechzeit.vault.framing import frame, number
from sprechzeit.vault.hpke import PrivateKey
from sprechzeit.vault.record import KEY_ID_SIZE, KEY_SIZE, DataKey
from sprechzeit.vault.secret import Secret

LABEL = b"sprechzeit/v1/data-key"


def seal_data_key(public: bytes, key: DataKey, practice: int) -> bytes:
    """Seal a data key with its id, so that it opens only for this practice and under this id.

    Says nothing about who sealed it: whoever can write to the database can seal a key of their own.
    """
    return hpke.encrypt(public, key.id.to_bytes(KEY_ID_SIZE, "big") + key.secret.reveal(), _info(practice))


def open_data_key(private: Secret | PrivateKey, sealed: bytes, practice: int) -> DataKey:
    """The data key with the id it was sealed with; anything that is none is ``CannotOpen``."""
    ready = private if isinstance(private, PrivateKey) else PrivateKey(private)
    plaintext = ready.decrypt(sealed, _info(practice))
    if len(plaintext) != KEY_ID_SIZE + KEY_SIZE:
        raise CannotOpen
    try:
        return DataKey(id=int.from_bytes(plaintext[:KEY_ID_SIZE], "big"), secret=Secret(plaintext[KEY_ID_SIZE:]))
    except ValueError:
        raise CannotOpen from None


def _info(practice: int) -> bytes:
    return frame(LABEL, number(practice))
