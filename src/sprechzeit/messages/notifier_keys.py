"""The notifier's private keys while one replaces another: new ones seal to the newest, older ones still open.

Which key a letter was sealed to stands nowhere; the few there are get tried, the newest first.
"""

from __future__ import annotations

import os
from pathlib import Path

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.letter import open_letter
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.notifier_key import PRIVATE_NAME, PUBLIC_NAME, NotifierKeyMissing, private_key
from sprechzeit.practices.models import Practice
from sprechzeit.vault import CannotOpen, Secret, generate_key_pair
from sprechzeit.vault.hpke import PrivateKey

OLD = "notifier-old-*.key"


class NotifierKeys(PrivateKey):
    """Opens by the newest private key, else by one of those before it; what is new in the folder is read at once."""

    __slots__ = ("_folder", "_keys", "_stamp")

    def __init__(self, folder: Path) -> None:
        """Raises ``NotifierKeyMissing`` when there is no private key to read."""
        self._folder = folder
        self._stamp: tuple[str, ...] = ()
        self._keys: list[PrivateKey] = []
        self._read()

    @property
    def public(self) -> bytes:
        """The public half of the newest."""
        return self._keys[0].public

    def decrypt(self, sealed: bytes, info: bytes) -> bytes:
        """Like ``PrivateKey.decrypt``."""
        self._read()
        for key in self._keys:
            try:
                return key.decrypt(sealed, info)
            except CannotOpen:
                continue
        raise CannotOpen

    def _read(self) -> None:
        paths = [self._folder / PRIVATE_NAME, *sorted(self._folder.glob(OLD), reverse=True)]
        try:
            stamp = tuple(f"{path.name} {path.stat().st_mtime_ns}" for path in paths)
        except FileNotFoundError:
            raise NotifierKeyMissing from None
        if stamp != self._stamp:
            self._keys = [private_key(self._folder), *(PrivateKey(Secret(path.read_bytes())) for path in paths[1:])]
            self._stamp = stamp


def rotate_notifier_key(folder: Path) -> Path:
    """Make a new pair beside the running server: from now on letters are sealed to it. Tells where the old one is kept.

    Raises
    ------
    NotifierKeyMissing
        There is none to replace.
    """
    private, public = folder / PRIVATE_NAME, folder / PUBLIC_NAME
    if not private.exists():
        raise NotifierKeyMissing
    old = folder / OLD.replace("*", f"{clock.now():%Y%m%dT%H%M%S%f}")
    pair = generate_key_pair()
    fresh = folder / "notifier.new"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pair.private.reveal())
    old.hardlink_to(private)  # at no moment is one of them missing
    fresh.replace(private)
    new_public = folder / "notifier.pub.new"
    new_public.write_bytes(pair.public)
    new_public.replace(public)
    return old


def sealed_to_older(folder: Path) -> int:
    """How many letters only an older key opens. As the role ``worker``."""
    newest = private_key(folder)
    count = 0
    for number in Practice.objects.order_by("id").values_list("id", flat=True).iterator():
        with acting_for(PracticeId(number)):
            rows: list[Message | NotifierAddress] = [
                *Message.objects.filter(practice=number, state=Message.State.WAITING, kept=False, sealed__isnull=False),
                *NotifierAddress.objects.filter(practice=number, refused_at__isnull=True),
            ]
        count += sum(1 for row in rows if row.sealed and not _opens(newest, row))
    return count


def forget_older(folder: Path) -> int:
    """Delete the older private keys when nothing needs them any more; tell how many letters still do."""
    waiting = sealed_to_older(folder)
    if not waiting:
        for path in folder.glob(OLD):
            path.unlink()
    return waiting


def _opens(key: PrivateKey, row: Message | NotifierAddress) -> bool:
    try:
        open_letter(key, row)
    except CannotOpen:
        return False
    return True
