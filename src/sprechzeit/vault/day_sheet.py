"""The encrypted day sheet: a file that a browser opens with the recovery key or a passphrase, without any server.

A *way* is one of the two with its salt. To each leads a key of its own, derived from the practice's private key:
whoever is logged in can derive it, it is stored only wrapped, and a new passphrase or recovery key is a new way that no
old one opens. Each sheet has a random key of its own, closed once for each way. All of it can be undone by HKDF, PBKDF2
and AES-GCM alone (Web Cryptography API): there is no Argon2id and no ML-KEM in a browser.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from sprechzeit.vault.box import KEY_SIZE, close_box
from sprechzeit.vault.framing import frame, number
from sprechzeit.vault.hpke import PRIVATE_KEY_SIZE
from sprechzeit.vault.kdf import derive_key
from sprechzeit.vault.secret import Secret, require_length

LABEL_WAY = b"sprechzeit/v1/day-sheet/way"
LABEL_KEY = b"sprechzeit/v1/day-sheet/key"
LABEL_RECOVERY = b"sprechzeit/v1/day-sheet/recovery"
LABEL_PASSPHRASE = b"sprechzeit/v1/day-sheet/passphrase"
LABEL_CONTENT_KEY = b"sprechzeit/v1/day-sheet/content-key"
LABEL_CONTENT = b"sprechzeit/v1/day-sheet/content"

SALT_SIZE = 16
RECOVERY_SIZE = 32
PASSPHRASE_LIMIT = 100  # characters
ITERATIONS = 2_000_000  # of PBKDF2-HMAC-SHA-256: half a second for a browser, more than three times what OWASP asks
ITERATIONS_FLOOR, ITERATIONS_CEILING = 1_000_000, 20_000_000
PADDED_TO = 16 * 1024  # the length of the file does not tell how many come


@dataclass(frozen=True, slots=True)
class DaySheetWay:
    """How a practice's sheets can be opened; nothing in it is secret. ``iterations`` is 0 where nobody can guess.

    ``ValueError`` below the floor: whoever can write to the database cannot make a passphrase cheap to guess.
    """

    practice: int
    kind: str
    salt: bytes
    iterations: int = 0

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_SIZE:
            raise ValueError(f"the salt must have {SALT_SIZE} bytes")
        if self.iterations and not ITERATIONS_FLOOR <= self.iterations <= ITERATIONS_CEILING:
            raise ValueError("PBKDF2 iterations are below the floor or above the ceiling")

    def encode(self) -> bytes:
        """Different ways give different bytes."""
        return frame(LABEL_WAY, number(self.practice), self.kind.encode(), self.salt, number(self.iterations))


@dataclass(frozen=True, slots=True)
class ClosedDaySheet:
    """``content`` under a key of its own, and that key closed for each way."""

    content: bytes
    keys: Mapping[DaySheetWay, bytes]


def new_salt() -> bytes:
    """16 random bytes, for a new way."""
    return os.urandom(SALT_SIZE)


def day_sheet_key(private: Secret, way: DaySheetWay) -> Secret:
    """The key that one way leads to, out of the practice's private key."""
    require_length(private, PRIVATE_KEY_SIZE, "a private key")
    return derive_key(private, LABEL_KEY, way.encode(), length=KEY_SIZE)


def wrap_for_recovery(recovery_secret: Secret, private: Secret, way: DaySheetWay) -> bytes:
    """The way's key, wrapped so that the printed recovery key (32 random bytes) gives it back."""
    require_length(recovery_secret, RECOVERY_SIZE, "a recovery secret")
    if way.iterations:
        raise ValueError("a recovery key is not stretched")
    kek = derive_key(recovery_secret, LABEL_RECOVERY, way.encode(), length=KEY_SIZE)
    return close_box(kek, day_sheet_key(private, way), way.encode())


def wrap_for_passphrase(passphrase: str, private: Secret, way: DaySheetWay) -> bytes:
    """The way's key, wrapped under a passphrase stretched by PBKDF2.

    NFKC and single spaces, so that it is the same from another keyboard and read off a slip of paper.
    """
    if not way.iterations:
        raise ValueError("a passphrase must be stretched")
    typed = " ".join(word for word in unicodedata.normalize("NFKC", passphrase).split(" ") if word)
    # looked for here, because a UnicodeEncodeError would carry the passphrase with it
    if not 0 < len(typed) <= PASSPHRASE_LIMIT or not typed.isprintable():
        raise ValueError(f"the passphrase must have 1 to {PASSPHRASE_LIMIT} printable characters")
    stretched = Secret(hashlib.pbkdf2_hmac("sha256", typed.encode(), way.salt, way.iterations, KEY_SIZE))
    kek = derive_key(stretched, LABEL_PASSPHRASE, way.encode(), length=KEY_SIZE)
    return close_box(kek, day_sheet_key(private, way), way.encode())


def close_day_sheet(content: bytes, head: bytes, private: Secret, ways: list[DaySheetWay]) -> ClosedDaySheet:
    """Encrypt the content for these ways. ``head`` stands in clear beside it and cannot be changed unnoticed.

    The content is text; it is filled up with spaces.
    """
    if not ways:
        raise ValueError("nobody could open it")
    own = Secret(os.urandom(KEY_SIZE))
    padded = content.ljust(-(-len(content) // PADDED_TO) * PADDED_TO)
    keys = {
        way: close_box(day_sheet_key(private, way), own, frame(LABEL_CONTENT_KEY, way.encode(), head)) for way in ways
    }
    return ClosedDaySheet(close_box(own, Secret(padded), frame(LABEL_CONTENT, head)), keys)
