"""HKDF-SHA256 (RFC 5869): a key for one purpose out of a secret with enough entropy."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sprechzeit.vault.framing import frame
from sprechzeit.vault.secret import Secret


def derive_key(material: Secret, *purpose: bytes, length: int) -> Secret:
    """``length`` bytes that say nothing about the material, nor about what it yields for any other purpose.

    The purpose is a label and what the key is bound to. There is no salt: the material is either random or
    already salted (RFC 5869, section 3.1).
    """
    hkdf = HKDF(algorithm=SHA256(), length=length, salt=None, info=frame(*purpose))
    return Secret(hkdf.derive(material.reveal()))
