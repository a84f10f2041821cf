"""Rotating the data key: old and new side by side, record by record, until none is left under the old.

A data key that leaked opens nothing that is sealed after the rotation. Against someone who holds the private
key it does not help, because the new data key is sealed to the same key pair: that needs a new pair.
"""

from __future__ import annotations

from sprechzeit.vault.context import Context
from sprechzeit.vault.keyed import open_keyed, seal_keyed
from sprechzeit.vault.record import Keyring, key_id_of, new_data_key, open_record, seal_record
from sprechzeit.vault.secret import Secret


def with_new_key(keyring: Keyring) -> Keyring:
    """The keyring with a new random key, which is current from now on; the others still open.

    Its id is one above the highest: an id is never given twice.
    """
    key = new_data_key(max(keyring.keys) + 1)
    return Keyring(keys={**keyring.keys, key.id: key}, current=key.id)


def reseal(keyring: Keyring, sealed: bytes, context: Context) -> bytes | None:
    """The record under the current key, or ``None`` when it already is: running it again changes nothing.

    ``CannotOpen`` if the record does not open; one that is under the current key is not opened.
    """
    if key_id_of(sealed) == keyring.current:
        return None
    return seal_record(keyring.current_key, open_record(keyring, sealed, context), context)


def reseal_keyed(keyring: Keyring, record_key: Secret, sealed: bytes, context: Context) -> bytes | None:
    """Like ``reseal``, for a record that has a key of its own; that one stays the same."""
    if key_id_of(sealed) == keyring.current:
        return None
    return seal_keyed(keyring.current_key, record_key, open_keyed(keyring, record_key, sealed, context), context)
