"""Sealing to a practice: anyone may seal, only the practice opens."""

from __future__ import annotations

from sprechzeit.vault import hpke
from sprechzeit.vault.box import KEY_SIZE, close_box, open_box
from sprechzeit.vault.context import Context
from sprechzeit.vault.framing import frame
from sprechzeit.vault.hpke import PrivateKey
from sprechzeit.vault.kdf import derive_key
from sprechzeit.vault.keyed import RECORD_KEY_SIZE
from sprechzeit.vault.secret import Secret, require_length

LABEL = b"sprechzeit/v1/seal"
KEYED_LABEL = b"sprechzeit/v1/seal-keyed"
INNER_LABEL = b"sprechzeit/v1/seal-inner"


def seal(public: bytes, plaintext: bytes, context: Context) -> bytes:
    """Seal to the public key; whoever sealed it cannot open it again. Adds 1,137 bytes.

    Says nothing about who sealed: what is opened is a stranger's word until staff accept it.
    """
    return hpke.encrypt(public, plaintext, _info(LABEL, context))


def seal_shreddable(public: bytes, record_key: Secret, plaintext: bytes, context: Context) -> bytes:
    """Seal to the public key so that the record's own key is needed too. Adds 1,166 bytes.

    The plaintext is first closed under a key derived from the record's (AES-256-GCM), then sealed by HPKE. The record's
    key is a real key here: with it gone, the practice's private key opens no more than the inner ciphertext. Put into
    HPKE's ``info`` it would be a public value by the standard, and its PSK mode (RFC 9180, section 5.1.2), made for
    this, is not offered by the library.
    """
    inner = close_box(_inner_key(record_key), Secret(plaintext), context.encode())
    return hpke.encrypt(public, inner, _info(KEYED_LABEL, context))


def open_sealed(private: Secret | PrivateKey, sealed: bytes, context: Context) -> bytes:
    """Open what was sealed to this key for this context; anything else is ``CannotOpen``.

    Pass a ``PrivateKey`` to open many: it saves parsing the key each time.
    """
    return _ready(private).decrypt(sealed, _info(LABEL, context))


def open_shreddable(private: Secret | PrivateKey, record_key: Secret, sealed: bytes, context: Context) -> bytes:
    """Open what was sealed to this key, under this record's own key, for this context; else ``CannotOpen``."""
    inner = _ready(private).decrypt(sealed, _info(KEYED_LABEL, context))
    return open_box(_inner_key(record_key), inner, context.encode()).reveal()


def _ready(private: Secret | PrivateKey) -> PrivateKey:
    return private if isinstance(private, PrivateKey) else PrivateKey(private)


def _inner_key(record_key: Secret) -> Secret:
    require_length(record_key, RECORD_KEY_SIZE, "a record's key")
    return derive_key(record_key, INNER_LABEL, length=KEY_SIZE)


def _info(label: bytes, context: Context) -> bytes:
    return frame(label, context.encode())
