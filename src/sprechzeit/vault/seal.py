"""Sealing to a practice: anyone may seal, only the practice opens."""

from __future__ import annotations

from sprechzeit.vault import hpke
from sprechzeit.vault.context import Context
from sprechzeit.vault.framing import frame
from sprechzeit.vault.hpke import PrivateKey
from sprechzeit.vault.secret import Secret

LABEL = b"sprechzeit/v1/seal"


def seal(public: bytes, plaintext: bytes, context: Context) -> bytes:
    """Seal to the public key; whoever sealed it cannot open it again. Adds 1,137 bytes.

    Says nothing about who sealed: what is opened is a stranger's word until staff accept it.
    """
    return hpke.encrypt(public, plaintext, _info(context))


def open_sealed(private: Secret | PrivateKey, sealed: bytes, context: Context) -> bytes:
    """Open what was sealed to this key for this context; anything else is ``CannotOpen``.

    Pass a ``PrivateKey`` to open many: it saves parsing the key each time.
    """
    key = private if isinstance(private, PrivateKey) else PrivateKey(private)
    return key.decrypt(sealed, _info(context))


def _info(context: Context) -> bytes:
    return frame(LABEL, context.encode())
