"""Argon2id (RFC 9106): makes each guess at a passphrase cost memory and time."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from sprechzeit.vault.secret import Secret

SALT_SIZE = 16
STRETCHED_SIZE = 32
PASSPHRASE_LIMIT = 1024

MEMORY_FLOOR_KIB, MEMORY_CEILING_KIB = 19 * 1024, 1024 * 1024
ITERATIONS_FLOOR, ITERATIONS_CEILING = 2, 16
LANES_FLOOR, LANES_CEILING = 1, 16


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """What a guess costs; stored beside the grant, because it is needed to derive the same key again.

    The default is the second recommendation of RFC 9106, section 4. Below the floor (OWASP's minimum, 19 MiB
    and 2 passes) it is a ``ValueError``: whoever can write to the database cannot make a passphrase cheap to
    guess. The ceiling keeps them from making a log-in exhaust the server.
    """

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        if not MEMORY_FLOOR_KIB <= self.memory_kib <= MEMORY_CEILING_KIB:
            raise ValueError("Argon2 memory is below the floor or above the ceiling")
        if not ITERATIONS_FLOOR <= self.iterations <= ITERATIONS_CEILING:
            raise ValueError("Argon2 iterations are below the floor or above the ceiling")
        if not LANES_FLOOR <= self.lanes <= LANES_CEILING:
            raise ValueError("Argon2 lanes are below the floor or above the ceiling")


def stretch(passphrase: str, salt: bytes, parameters: Argon2Parameters) -> Secret:
    """32 bytes from a passphrase and a salt of 16 random bytes.

    NFKC, so that the same passphrase typed on another keyboard or system is the same (ü as one character or
    two). ``ValueError`` if it is empty, longer than 1,024 characters or not text.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"the salt must have {SALT_SIZE} bytes")
    if not 0 < len(passphrase) <= PASSPHRASE_LIMIT:
        raise ValueError(f"the passphrase must have 1 to {PASSPHRASE_LIMIT} characters")
    # looked for here, because a UnicodeEncodeError would carry the passphrase with it
    if any("\ud800" <= character <= "\udfff" for character in passphrase):
        raise ValueError("the passphrase must be valid Unicode")
    stretched = hash_secret_raw(
        secret=unicodedata.normalize("NFKC", passphrase).encode(),
        salt=salt,
        time_cost=parameters.iterations,
        memory_cost=parameters.memory_kib,
        parallelism=parameters.lanes,
        hash_len=STRETCHED_SIZE,
        type=Type.ID,
    )
    return Secret(stretched)
