"""What a member's session carries: the practice's private key and its data keys.

Layout: version (1) | practice (8) | private key (96) | current key id (4) | data keys, each id (4) and key
(32); numbers big-endian. Always inside a split session, never stored as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from sprechzeit.vault.errors import CannotOpen
from sprechzeit.vault.framing import NUMBER_SIZE, number
from sprechzeit.vault.hpke import PRIVATE_KEY_SIZE, PrivateKey
from sprechzeit.vault.record import KEY_ID_SIZE, KEY_SIZE, DataKey, Keyring
from sprechzeit.vault.secret import Secret, require_length

VERSION = b"\x01"
ENTRY_SIZE = KEY_ID_SIZE + KEY_SIZE
PRACTICE_END = len(VERSION) + NUMBER_SIZE
PRIVATE_END = PRACTICE_END + PRIVATE_KEY_SIZE
CURRENT_END = PRIVATE_END + KEY_ID_SIZE


@dataclass(frozen=True)
class PracticeKeys:
    """All keys of one practice, opened. Its ``repr`` shows no key and it cannot be serialised by accident."""

    practice: int
    private: Secret
    keyring: Keyring

    def __post_init__(self) -> None:
        number(self.practice)
        require_length(self.private, PRIVATE_KEY_SIZE, "a private key")

    @cached_property
    def private_key(self) -> PrivateKey:
        """The private key made ready for many openings."""
        return PrivateKey(self.private)

    def to_bytes(self) -> Secret:
        """The bundle for ``session.split``."""
        keyring = self.keyring
        entries = (key.id.to_bytes(KEY_ID_SIZE, "big") + key.secret.reveal() for key in keyring.keys.values())
        head = VERSION + number(self.practice) + self.private.reveal()
        return Secret(head + keyring.current.to_bytes(KEY_ID_SIZE, "big") + b"".join(entries))

    @classmethod
    def from_bytes(cls, bundle: Secret) -> Self:
        """The same keys again; ``CannotOpen`` for another version or a wrong length: log in anew."""
        raw = bundle.reveal()
        entries = raw[CURRENT_END:]
        if raw[:1] != VERSION or not entries or len(entries) % ENTRY_SIZE:
            raise CannotOpen
        keys = [_entry(entries[at : at + ENTRY_SIZE]) for at in range(0, len(entries), ENTRY_SIZE)]
        current = int.from_bytes(raw[PRIVATE_END:CURRENT_END], "big")
        by_id = {key.id: key for key in keys}
        if len(by_id) != len(keys) or current not in by_id:
            raise CannotOpen
        return cls(
            practice=int.from_bytes(raw[len(VERSION) : PRACTICE_END], "big"),
            private=Secret(raw[PRACTICE_END:PRIVATE_END]),
            keyring=Keyring(keys=by_id, current=current),
        )


def _entry(raw: bytes) -> DataKey:
    return DataKey(id=int.from_bytes(raw[:KEY_ID_SIZE], "big"), secret=Secret(raw[KEY_ID_SIZE:]))
