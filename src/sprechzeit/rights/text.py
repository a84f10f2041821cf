"""What was written with a request: sealed to the practice's public key on arrival, opened at the desk alone."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.record_keys import give_key, key_of
from sprechzeit.practices.models import Practice
from sprechzeit.rights.models import RightsText
from sprechzeit.vault import CannotOpen, Context, PracticeKeys, open_shreddable, seal_shreddable

LONGEST = 1000  # characters
FORBIDDEN = {"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"}


def read_wish(text: str, *, needed: bool) -> str:
    """What was written, tidied; empty only where it is not ``needed``.

    Raises
    ------
    Invalid
    """
    value = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if needed and not value:
        raise Invalid(_("Bitte schreiben Sie, was nicht stimmt und wie es richtig heißt."), field="text")
    if len(value) > LONGEST:
        raise Invalid(_("Das ist zu lang: höchstens %(count)d Zeichen.") % {"count": LONGEST}, field="text")
    if any(unicodedata.category(letter) in FORBIDDEN and letter != "\n" for letter in value):
        raise Invalid(_("Hier stehen Zeichen, die sich nicht speichern lassen."), field="text")
    return value


def put_text_in(practice: PracticeId, asked: UUID, text: str) -> None:
    """Seal and store it; from here on the server cannot read it. Needs ``acting_for``."""
    public_key = bytes(Practice.objects.only("public_key").get(id=practice).public_key)
    sealed = seal_shreddable(public_key, give_key(practice, asked), text.encode(), _context(practice, asked))
    # Without RETURNING: the front's role may not read it, not even its own.
    RightsText.objects.bulk_create([RightsText(request_id=asked, practice_id=practice, text_sealed=sealed)])


def open_text(keys: PracticeKeys, asked: UUID) -> str:
    """The text, or nothing when there was none or it is gone. Needs ``acting_for``; the caller writes the event.

    Raises
    ------
    CannotOpen
        It was tampered with.
    """
    row = RightsText.objects.filter(practice=keys.practice, request=asked).first()
    if row is None:
        return ""
    own = key_of(keys.practice, asked)
    if own is None:
        raise CannotOpen
    return open_shreddable(keys.private_key, own, bytes(row.text_sealed), _context(keys.practice, asked)).decode()


def _context(practice: int, asked: UUID) -> Context:
    return Context(practice=practice, table="rights_text", column="text_sealed", row=str(asked))
