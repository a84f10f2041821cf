"""A message with example data, as its reader would see it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit import clock
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.own_text import OwnText
from sprechzeit.messages.render import Parts, parts_of, sms_of
from sprechzeit.messages.texts import Text, kind_and_facts
from sprechzeit.practices.models import Practice
from sprechzeit.practices.outside import outside

SECRET = "BEISPIEL"  # noqa: S105 - it opens nothing
LETTER_TO = "erika.muster@example.org"


def example_message(text: Text, language: str) -> Message:
    """A visit in a week, at half past nine in the practice's morning."""
    kind, facts = kind_and_facts(text)
    begins = (clock.now() + timedelta(days=7)).replace(hour=8, minute=30, second=0, microsecond=0)
    facts |= {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(minutes=30)).isoformat()}
    return Message(kind=kind, about=UUID(int=0), language=language, facts=facts)


def example_letter(practice: Practice, text: str = "") -> Letter:
    """With links that lead nowhere."""
    link = settings.PUBLIC_URL + outside("front:manage", practice.slug, SECRET)
    return Letter(to=LETTER_TO, link=link, stop=SECRET, text=text)


def preview_of(practice: Practice, text: Text, language: str, own: OwnText | None) -> Parts:
    """Raises ``BadPlaceholder`` where the practice's own text names what is not there."""
    with override(language):
        if own is not None:
            own = OwnText(own.subject, own.body, _("Sprechstunde"))
        return parts_of(example_message(text, language), practice, example_letter(practice), language, own)


def sms_preview_of(practice: Practice, text: Text, language: str) -> str:
    """What goes to phones; it is ours in any case."""
    with override(language):
        return sms_of(example_message(text, language), practice, example_letter(practice), language)
