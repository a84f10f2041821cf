"""The vault's errors. None of them says anything about what was secret."""

from __future__ import annotations


class VaultError(Exception):
    """Something handed to the vault cannot be used."""


class CannotOpen(VaultError):
    """What is sealed stays sealed.

    Wrong key, wrong context, unknown version, truncated, tampered: all the same type with the same words, so
    that nobody learns from the answer which of them it was (no oracle). It takes no arguments, so that no
    call site can add a detail.
    """

    def __init__(self) -> None:
        super().__init__()

    def __str__(self) -> str:
        return "cannot be opened: wrong key, wrong place, or damaged"


class MalformedRecoveryKey(VaultError, ValueError):
    """What was typed is not a recovery key; the message says what is wrong: length, character, checksum."""


class MalformedLinkSecret(VaultError, ValueError):
    """What stands in the link is not a link secret."""
