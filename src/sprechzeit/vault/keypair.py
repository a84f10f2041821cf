"""A practice's key pair: the public half is known to the host, the private half is stored only wrapped."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from sprechzeit.vault.framing import frame
from sprechzeit.vault.hpke import PUBLIC_KEY_SIZE, PrivateKey, generate_private_key
from sprechzeit.vault.secret import Secret

FINGERPRINT_LABEL = b"sprechzeit/v1/fingerprint"
FINGERPRINT_SIZE = 20
GROUP_SIZE = 4


@dataclass(frozen=True, slots=True)
class KeyPair:
    """``public`` has 1,216 bytes, ``private`` 96."""

    public: bytes
    private: Secret


def generate_key_pair() -> KeyPair:
    """A new random key pair."""
    private = generate_private_key()
    return KeyPair(public=public_of(private), private=private)


def public_of(private: Secret) -> bytes:
    """The public key that belongs to a private key.

    Compare it with the stored public key whenever the private one is at hand: whoever can write to the
    database could have put a key of their own there.
    """
    return PrivateKey(private).public


def fingerprint(public: bytes) -> str:
    """A public key for people to compare: 160 bits of SHA-256 as ``abcd-efgh-…``, eight groups of four.

    Finding another key with the same fingerprint takes 2**160 tries (a second preimage).
    """
    if len(public) != PUBLIC_KEY_SIZE:
        raise ValueError(f"a public key must have {PUBLIC_KEY_SIZE} bytes")
    digest = hashlib.sha256(frame(FINGERPRINT_LABEL, public)).digest()[:FINGERPRINT_SIZE]
    letters = base64.b32encode(digest).decode().lower()
    return "-".join(letters[at : at + GROUP_SIZE] for at in range(0, len(letters), GROUP_SIZE))
