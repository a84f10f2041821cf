"""Secrets in links: 128 random bits that let a patient see and change one appointment.

Only a hash is stored. A plain SHA-256 is enough: slow hashes are for secrets that can be guessed, and 2**128
possibilities cannot be tried at any speed.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re

from sprechzeit.vault.errors import MalformedLinkSecret
from sprechzeit.vault.framing import frame
from sprechzeit.vault.kdf import derive_key
from sprechzeit.vault.secret import Secret, require_length

LABEL_HASH = b"sprechzeit/v1/link/hash"
LABEL_DERIVE = b"sprechzeit/v1/link/derive"
SECRET_SIZE = 16
# the last character carries two bits only, so that each secret has one spelling
SPELLING = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]", re.ASCII)


def new_link_secret() -> Secret:
    """16 random bytes."""
    return Secret(os.urandom(SECRET_SIZE))


def to_text(secret: Secret) -> str:
    """The secret for a link: 22 characters of base64url without padding."""
    require_length(secret, SECRET_SIZE, "a link secret")
    return base64.urlsafe_b64encode(secret.reveal()).rstrip(b"=").decode()


def from_text(text: str) -> Secret:
    """The secret from a link, in its one spelling; anything else is ``MalformedLinkSecret``."""
    if not SPELLING.fullmatch(text):
        raise MalformedLinkSecret("a link secret has 22 characters of base64url")
    return Secret(base64.urlsafe_b64decode(text + "=="))


def link_hash(secret: Secret, purpose: str) -> bytes:
    """What is stored to recognise the secret again, 32 bytes; another for each purpose.

    A stolen table of hashes opens no link, and the hash for one purpose does not pass for another.
    """
    require_length(secret, SECRET_SIZE, "a link secret")
    return hashlib.sha256(frame(LABEL_HASH, purpose.encode(), secret.reveal())).digest()


def derive(secret: Secret, label: str) -> Secret:
    """Another link secret that follows from this one, but does not lead back to it (HKDF-SHA256)."""
    require_length(secret, SECRET_SIZE, "a link secret")
    return derive_key(secret, LABEL_DERIVE, label.encode(), length=SECRET_SIZE)
