"""The recovery key on paper: 256 random bits as words that a person can read out and type.

Seventeen words of five letters, consonant and vowel in turn, each for 16 bits ("proquints", Wilkerson,
arXiv:0901.4016): they are nobody's language and so everybody's. Sixteen carry the secret; the last is a checksum,
which passes one mistyped key in 65,536.
"""

from __future__ import annotations

import hashlib
import os

from sprechzeit.vault.errors import MalformedRecoveryKey
from sprechzeit.vault.framing import frame
from sprechzeit.vault.secret import Secret, require_length

CHECKSUM_LABEL = b"sprechzeit/v1/recovery/checksum"
CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aiou"
PATTERN = (CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS)
SECRET_SIZE = 32
WORD_BYTES = 2
WORD_LENGTH = len(PATTERN)
WORDS = SECRET_SIZE // WORD_BYTES + 1
INPUT_LIMIT = 500  # characters that are looked at; what is longer is no key
SEPARATORS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212,.;")


def new_recovery_secret() -> Secret:
    """32 random bytes, for ``kek_from_recovery``."""
    return Secret(os.urandom(SECRET_SIZE))


def to_words(secret: Secret) -> list[str]:
    """The seventeen words to print. They are as secret as the secret: show them once, store them never."""
    require_length(secret, SECRET_SIZE, "a recovery secret")
    raw = secret.reveal() + _checksum(secret)
    return [_word(raw[at : at + WORD_BYTES]) for at in range(0, len(raw), WORD_BYTES)]


def from_words(text: str) -> Secret:
    """The secret from what a person typed: case, spaces, line breaks, hyphens and commas do not matter.

    ``MalformedRecoveryKey`` says whether it is too long or short, has a word that no key has, or fails the
    checksum; never what was typed.
    """
    if len(text) > INPUT_LIMIT:
        raise MalformedRecoveryKey(f"a recovery key has {WORDS} words")
    letters = [one for one in text.lower() if one not in SEPARATORS and not one.isspace()]
    if len(letters) != WORDS * WORD_LENGTH:
        raise MalformedRecoveryKey(f"a recovery key has {WORDS} words of {WORD_LENGTH} letters")
    raw = b"".join(_bytes(letters[at : at + WORD_LENGTH]) for at in range(0, len(letters), WORD_LENGTH))
    secret = Secret(raw[:SECRET_SIZE])
    if raw[SECRET_SIZE:] != _checksum(secret):
        raise MalformedRecoveryKey("the checksum does not fit: a word is wrong or out of place")
    return secret


def _word(two: bytes) -> str:
    bits = int.from_bytes(two, "big")
    letters = []
    for alphabet in reversed(PATTERN):
        bits, place = divmod(bits, len(alphabet))
        letters.append(alphabet[place])
    return "".join(reversed(letters))


def _bytes(word: list[str]) -> bytes:
    bits = 0
    for alphabet, letter in zip(PATTERN, word, strict=True):
        if letter not in alphabet:
            raise MalformedRecoveryKey("there is a letter that no recovery key has in this place")
        bits = bits * len(alphabet) + alphabet.index(letter)
    return bits.to_bytes(WORD_BYTES, "big")


def _checksum(secret: Secret) -> bytes:
    """The first two bytes of a labelled SHA-256, against slips of the pen."""
    return hashlib.sha256(frame(CHECKSUM_LABEL, secret.reveal())).digest()[:WORD_BYTES]
