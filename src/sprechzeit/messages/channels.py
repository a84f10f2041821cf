"""The ways out, behind one small interface: e-mail by SMTP, SMS by a provider, and files for the demo."""

from __future__ import annotations

import os
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings

from sprechzeit import clock
from sprechzeit.messages.models import Message
from sprechzeit.messages.notifier_key import NotifierKeyMissing, public_key
from sprechzeit.practices.models import Practice

FOLDER = "mails"
WAYS = {"smtp", "sms", "file"}


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
    """A message as it goes out: a whole mail, or the text of an SMS in UTF-8. ``repr`` shows nothing."""

    id: UUID
    practice: int
    sender: str
    to: str
    content: bytes
    channel: str = Message.Channel.EMAIL

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
            file.write(_as_mail(rendered) if rendered.channel == Message.Channel.SMS else rendered.content)
        half.rename(folder / f"{rendered.id}.eml")

    def close(self) -> None:
        """There is nothing to close."""


def _as_mail(rendered: Rendered) -> bytes:
    """An SMS for the demo's page of mails."""
    mail = EmailMessage()
    mail["Subject"] = "SMS"
    mail["From"] = Address(rendered.sender, addr_spec=settings.DEFAULT_FROM_EMAIL)
    mail["To"] = Address(rendered.to, addr_spec="sms@localhost")
    mail["Date"] = format_datetime(clock.now())
    mail.set_content(rendered.content.decode())
    return mail.as_bytes(policy=SMTP)


def way_of(practice: Practice, channel: str) -> str:
    """By which way a message leaves: "smtp", "sms", "file", or the reason why by none. A demo's reach nobody."""
    is_sms = channel == Message.Channel.SMS
    none = "no-sms-provider" if is_sms else "no-mail-server"
    if practice.kind == Practice.Kind.DEMO:
        return "file" if settings.DEMO else none
    if is_sms:
        return "sms" if settings.SMS else none
    return "smtp" if settings.SMTP else none


def can_mail(practice: Practice) -> bool:
    """Whether a mail for this practice's patients can be put in and will leave."""
    return _can_send(practice, Message.Channel.EMAIL)


def can_sms(practice: Practice) -> bool:
    """Whether an SMS can."""
    return _can_send(practice, Message.Channel.SMS)


def _can_send(practice: Practice, channel: str) -> bool:
    try:
        public_key(settings.ENVIRONMENT.key_folder)
    except NotifierKeyMissing:
        return False
    return way_of(practice, channel) in WAYS


def mails_folder() -> Path:
    """Where the file channel puts mails."""
    return settings.ENVIRONMENT.data_folder / FOLDER
