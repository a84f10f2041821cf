"""AES-256-GCM under one key: what is put in a box stays secret, and only the same bytes come out of it.

Layout: version (1) | random nonce (12) | ciphertext and tag (16 more than the content). Random nonces are
safe for 2**32 boxes under one key (NIST SP 800-38D, section 8.3); the keys used here see a handful.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sprechzeit.vault.errors import CannotOpen
from sprechzeit.vault.secret import Secret, require_length

VERSION = b"\x01"
KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16
OVERHEAD = len(VERSION) + NONCE_SIZE + TAG_SIZE


def close_box(key: Secret, content: Secret, purpose: bytes) -> bytes:
    """Encrypt the content, bound to the purpose."""
    require_length(key, KEY_SIZE, "the key of a box")
    nonce = os.urandom(NONCE_SIZE)
    return VERSION + nonce + AESGCM(key.reveal()).encrypt(nonce, content.reveal(), VERSION + purpose)


def open_box(key: Secret, box: bytes, purpose: bytes) -> Secret:
    """The content, if key and purpose are those it was closed with; otherwise ``CannotOpen``."""
    require_length(key, KEY_SIZE, "the key of a box")
    if len(box) < OVERHEAD or box[:1] != VERSION:
        raise CannotOpen
    nonce, ciphertext = box[1 : 1 + NONCE_SIZE], box[1 + NONCE_SIZE :]
    try:
        return Secret(AESGCM(key.reveal()).decrypt(nonce, ciphertext, VERSION + purpose))
    except InvalidTag:
        raise CannotOpen from None
