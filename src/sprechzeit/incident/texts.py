"""What the practice writes about an incident, sealed under its data key: it may say who did what."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.errors import Invalid
from sprechzeit.incident.models import Incident
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import Context, PracticeKeys, open_record, seal_record

LONGEST = 4000  # characters of each


@dataclass(frozen=True, repr=False)
class Texts:
    """Facts, effects and measures as Art. 33(5) asks for them, and the reasons of Art. 33(1) and 34.

    Those with ``_en`` stand in the English documents; where one is empty, these say it in general words.
    """

    facts: str = ""
    effects: str = ""
    measures: str = ""
    facts_en: str = ""
    effects_en: str = ""
    measures_en: str = ""
    delay: str = ""
    no_authority: str = ""
    no_patients: str = ""

    def __repr__(self) -> str:
        return "Texts(…)"

    def of(self, name: str, language: str) -> str:
        """``facts``, ``effects`` or ``measures`` in this language, empty where nobody has written it."""
        return str(getattr(self, name if language == "de" else f"{name}_en"))


FIELDS = tuple(one.name for one in fields(Texts))


def require_texts(texts: Texts) -> Texts:
    """The same with lines as they are kept.

    Raises
    ------
    Invalid
        At the field whose text is too long or cannot be kept.
    """
    kept = {name: str(getattr(texts, name)).replace("\r\n", "\n").strip() for name in FIELDS}
    for name, text in kept.items():
        if len(text) > LONGEST or not text.replace("\n", "").isprintable():
            raise Invalid(_("Bitte höchstens %(count)d Zeichen.") % {"count": LONGEST}, field=name)
    return Texts(**kept)


def seal_texts(keys: PracticeKeys, incident: UUID, texts: Texts) -> bytes:
    """Needs ``acting_for``."""
    key = keys_for_writing(keys).keyring.current_key
    return seal_record(key, json.dumps(asdict(texts)).encode(), _context(keys, incident))


def open_texts(keys: PracticeKeys, row: Incident) -> Texts:
    """What is written about it.

    Raises
    ------
    CannotOpen
    """
    if row.texts_sealed is None:
        return Texts()
    return Texts(**json.loads(open_record(keys.keyring, bytes(row.texts_sealed), _context(keys, row.id))))


def _context(keys: PracticeKeys, incident: UUID) -> Context:
    return Context(keys.practice, "incident", "texts_sealed", str(incident))
