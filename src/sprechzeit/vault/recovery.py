"""The recovery key on paper: 256 random bits that a person can read out and type.

Eleven groups of five characters, Crockford's base32 (no I, L, O, U): 256 bits of secret and, in the last
group, 19 bits of checksum, which pass one mistyped key in 524,288.
"""

from __future__ import annotations

import hashlib
import os

from sprechzeit.vault.errors import MalformedRecoveryKey
from sprechzeit.vault.framing import frame
from sprechzeit.vault.secret import Secret, require_length

CHECKSUM_LABEL = b"sprechzeit/v1/recovery/checksum"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_SIZE = 32
GROUP_SIZE = 5
CHARACTERS = 55
CHECKSUM_BITS = CHARACTERS * 5 - SECRET_SIZE * 8
INPUT_LIMIT = 500  # characters that are looked at; what is longer is no key

# what people type for what is printed
VALUES = {character: value for value, character in enumerate(ALPHABET)}
VALUES |= {character.lower(): value for character, value in VALUES.items()}
VALUES |= dict.fromkeys("oO", 0) | dict.fromkeys("iIlL", 1)
SEPARATORS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")


def new_recovery_secret() -> Secret:
    """32 random bytes, for ``kek_from_recovery``."""
    return Secret(os.urandom(SECRET_SIZE))


def to_groups(secret: Secret) -> list[str]:
    """The eleven groups to print. They are as secret as the secret: show them once, store them never."""
    require_length(secret, SECRET_SIZE, "a recovery secret")
    bits = int.from_bytes(secret.reveal(), "big") << CHECKSUM_BITS | _checksum(secret)
    characters = [ALPHABET[bits >> 5 * place & 31] for place in reversed(range(CHARACTERS))]
    return ["".join(characters[at : at + GROUP_SIZE]) for at in range(0, CHARACTERS, GROUP_SIZE)]


def from_groups(text: str) -> Secret:
    """The secret from what a person typed: case, spaces, hyphens, o for 0 and i or l for 1 do not matter.

    ``MalformedRecoveryKey`` says whether it is too long or short, has a character that no key has, or fails
    the checksum; never what was typed.
    """
    if len(text) > INPUT_LIMIT:
        raise MalformedRecoveryKey(f"a recovery key has {CHARACTERS} characters")
    typed = [character for character in text if character not in SEPARATORS and not character.isspace()]
    if any(character not in VALUES for character in typed):
        raise MalformedRecoveryKey("a recovery key has only digits and letters, and no U")
    if len(typed) != CHARACTERS:
        raise MalformedRecoveryKey(f"a recovery key has {CHARACTERS} characters")
    bits = 0
    for character in typed:
        bits = bits << 5 | VALUES[character]
    secret = Secret((bits >> CHECKSUM_BITS).to_bytes(SECRET_SIZE, "big"))
    if bits & (1 << CHECKSUM_BITS) - 1 != _checksum(secret):
        raise MalformedRecoveryKey("the checksum does not fit: a character is wrong or out of place")
    return secret


def _checksum(secret: Secret) -> int:
    """The first 19 bits of a labelled SHA-256, against slips of the pen."""
    digest = hashlib.sha256(frame(CHECKSUM_LABEL, secret.reveal())).digest()
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - CHECKSUM_BITS)
