"""The notifier's key pair: its public half is for all processes, its private half for the worker's user alone.

Both are files. Whoever serves pages seals addresses to the public half and cannot open them again.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from sprechzeit.errors import DomainError
from sprechzeit.vault import Secret, generate_key_pair
from sprechzeit.vault.hpke import PUBLIC_KEY_SIZE, PrivateKey

PUBLIC_NAME = "notifier.pub"
PRIVATE_NAME = "notifier.key"


class NotifierKeyMissing(DomainError):
    """There is no key to seal addresses to: the host has not made one (``sprechzeit notifier-key``)."""

    code = "notifier-key-missing"
    status = 503

    def __init__(self) -> None:
        super().__init__("notifier key missing")


def make_notifier_key(folder: Path) -> bool:
    """Make the pair in ``folder`` unless it is there; tell whether it was made. The private file is 0600."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    private, public = folder / PRIVATE_NAME, folder / PUBLIC_NAME
    if public.exists():
        return False
    pair = generate_key_pair()
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pair.private.reveal())
    public.write_bytes(pair.public)
    return True


def public_key(folder: Path) -> bytes:
    """The public half, the newest: it may be replaced while the server runs (``notifier_keys.py``).

    Raises
    ------
    NotifierKeyMissing
    """
    try:
        return _read_public(folder, (folder / PUBLIC_NAME).stat().st_mtime_ns)
    except FileNotFoundError:
        raise NotifierKeyMissing from None


@lru_cache(maxsize=4)
def _read_public(folder: Path, _written: int) -> bytes:
    found = (folder / PUBLIC_NAME).read_bytes()
    if len(found) != PUBLIC_KEY_SIZE:
        raise NotifierKeyMissing
    return found


def private_key(folder: Path) -> PrivateKey:
    """The private half; only the worker's user can read the file.

    Raises
    ------
    NotifierKeyMissing
    """
    try:
        return PrivateKey(Secret((folder / PRIVATE_NAME).read_bytes()))
    except FileNotFoundError:
        raise NotifierKeyMissing from None
