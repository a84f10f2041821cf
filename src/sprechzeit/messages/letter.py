"""What is sealed of a message: to whom it goes, and what only its reader may see."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from django.conf import settings

from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.notifier_key import public_key
from sprechzeit.vault import Context, link_hash, link_to_text, new_link_secret, seal
from sprechzeit.vault.hpke import PrivateKey
from sprechzeit.vault.seal import open_sealed

STOP = "stop-messages"


@dataclass(frozen=True, repr=False)
class Letter:
    """The address, a code, the manage link, the secret of the link that stops messages, a text written by hand.

    ``repr`` shows nothing.
    """

    to: str
    code: str = ""
    link: str = ""
    stop: str = ""
    text: str = ""

    def __repr__(self) -> str:
        return "Letter(…)"


def with_stop(letter: Letter) -> tuple[Letter, bytes]:
    """The letter with a new secret for its stop link, and the hash by which that is recognised."""
    secret = new_link_secret()
    return replace(letter, stop=link_to_text(secret)), link_hash(secret, STOP)


def seal_letter(letter: Letter, practice: int, table: str, row: UUID) -> bytes:
    """Sealed to the notifier, for this row alone.

    Raises
    ------
    NotifierKeyMissing
    """
    content = json.dumps(asdict(letter)).encode()
    return seal(public_key(settings.ENVIRONMENT.key_folder), content, _context(practice, table, row))


def open_letter(key: PrivateKey, row: Message | NotifierAddress) -> Letter:
    """What was sealed; for the worker.

    Raises
    ------
    CannotOpen
    """
    opened = open_sealed(key, bytes(row.sealed or b""), _context(row.practice_id, row._meta.db_table, row.id))
    return Letter(**json.loads(opened))


def _context(practice: int, table: str, row: UUID) -> Context:
    return Context(practice=practice, table=table, column="sealed", row=str(row))
