"""The ways out, behind one small interface. Today: e-mail by SMTP, and files for the demo. SMS has no provider yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings

from sprechzeit.messages.models import Message
from sprechzeit.messages.notifier_key import NotifierKeyMissing, public_key
from sprechzeit.practices.models import Practice

FOLDER = "mails"
WAYS = {"smtp", "file"}


class NotSent(Exception):
    """It did not go out; ``reason`` is a code of ``words.py`` and the only thing that is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NotSent):
    """And it never will: trying again is no use."""


class Later(NotSent):
    """It may go out another time. ``is_away``: nor will any other message now."""

    def __init__(self, reason: str, *, is_away: bool = False) -> None:
        super().__init__(reason)
        self.is_away = is_away


@dataclass(frozen=True, repr=False)
class Rendered:
    """A message as it goes out. ``repr`` shows nothing."""

    id: UUID
    practice: int
    sender: str
    to: str
    content: bytes

    def __repr__(self) -> str:
        return "Rendered(…)"


class Channel(Protocol):
    """Hands one message over; returning means that it was taken."""

    def send(self, rendered: Rendered) -> None:
        """Raise ``Refused`` or ``Later`` when it was not taken."""

    def close(self) -> None:
        """Nothing more comes for now."""


class FileChannel:
    """For the demo: each mail becomes a file that only this user reads; /demo/mails/ shows them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, rendered: Rendered) -> None:
        folder = self._folder / str(rendered.practice)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = folder / f"{rendered.id}.part"
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(rendered.content)
        half.rename(folder / f"{rendered.id}.eml")

    def close(self) -> None:
        """There is nothing to close."""


def way_of(practice: Practice, channel: str) -> str:
    """By which way a message leaves: "smtp", "file", or the reason why by none. A demo's mails reach nobody."""
    if channel != Message.Channel.EMAIL:
        return "no-sms-provider"
    if practice.kind == Practice.Kind.DEMO:
        return "file" if settings.DEMO else "no-mail-server"
    return "smtp" if settings.SMTP else "no-mail-server"


def can_mail(practice: Practice) -> bool:
    """Whether a mail for this practice's patients can be put in and will leave."""
    try:
        public_key(settings.ENVIRONMENT.key_folder)
    except NotifierKeyMissing:
        return False
    return way_of(practice, Message.Channel.EMAIL) in WAYS


def mails_folder() -> Path:
    """Where the file channel puts mails."""
    return settings.ENVIRONMENT.data_folder / FOLDER
