"""Keys of invented practices, derived from a constant: what they seal is invented too. The drill has its own secret."""

from __future__ import annotations

import hashlib

from sprechzeit.bench.scale import SEED
from sprechzeit.vault import DataKey, Keyring, PracticeKeys, Secret


def keys_of(practice: int, secret: bytes = b"") -> PracticeKeys:
    """The key pair and the data key of a practice of the benchmark; never use them for anything else.

    With a random ``secret`` they are real keys (``drill/stage.py``): the source tells how, not which.
    """

    def derived(purpose: str, length: int) -> Secret:
        return Secret(hashlib.shake_256(f"{SEED}/{practice}/{purpose}".encode() + secret).digest(length))

    data_key = DataKey(1, derived("data key", 32))
    return PracticeKeys(practice, derived("private key", 96), Keyring({1: data_key}, current=1))
