"""HPKE (RFC 9180, base mode) with the hybrid KEM ML-KEM-768 and X25519, HKDF-SHA256 and AES-256-GCM.

Stays closed unless both ML-KEM-768 and X25519 are broken: a dump taken today does not open to a quantum
computer of tomorrow. Base mode does not say who sealed: anyone who knows the public key can.

Layout: version (1) | encapsulated key (1,120) | ciphertext and tag (16 more than the plaintext).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from sprechzeit.vault.errors import CannotOpen
from sprechzeit.vault.secret import Secret, require_length

VERSION = b"\x01"
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

MLKEM_PUBLIC_SIZE = 1184
PUBLIC_KEY_SIZE = MLKEM_PUBLIC_SIZE + 32
MLKEM_SEED_SIZE = 64
PRIVATE_KEY_SIZE = MLKEM_SEED_SIZE + 32
TAG_SIZE = 16
OVERHEAD = len(VERSION) + KEM.MLKEM768_X25519.enc_length() + TAG_SIZE


class PrivateKey:
    """A private key made ready for many openings: parsing costs more than opening does.

    Like a ``Secret`` it neither shows nor serialises itself.
    """

    __slots__ = ("_hybrid", "_public")

    def __init__(self, private: Secret) -> None:
        """``private``: ML-KEM-768 seed (64 bytes) and X25519 scalar (32 bytes); else ``ValueError``."""
        require_length(private, PRIVATE_KEY_SIZE, "a private key")
        raw = private.reveal()
        mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED_SIZE])
        x25519 = X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED_SIZE:])
        self._hybrid = MLKEM768X25519PrivateKey(mlkem, x25519)
        self._public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @property
    def public(self) -> bytes:
        """The public key that belongs to it, 1,216 bytes."""
        return self._public

    def decrypt(self, sealed: bytes, info: bytes) -> bytes:
        """The plaintext, if it was encrypted to this key with the same ``info``; otherwise ``CannotOpen``."""
        if len(sealed) < OVERHEAD or sealed[:1] != VERSION:
            raise CannotOpen
        try:
            return SUITE.decrypt(sealed[1:], self._hybrid, info=info)
        except (InvalidTag, ValueError):  # ValueError: a forged encapsulated key may be refused as such
            raise CannotOpen from None


def generate_private_key() -> Secret:
    """A new private key, 96 random bytes by the library's own generators."""
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    return Secret(mlkem.private_bytes_raw() + x25519.private_bytes_raw())


def encrypt(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Encrypt to a public key (1,216 bytes), bound to ``info``; ``ValueError`` if the key is malformed."""
    if len(public) != PUBLIC_KEY_SIZE:
        raise ValueError(f"a public key must have {PUBLIC_KEY_SIZE} bytes")
    hybrid = MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_SIZE]),
        X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_SIZE:]),
    )
    return VERSION + SUITE.encrypt(plaintext, hybrid, info=info)
