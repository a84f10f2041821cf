"""What a practice writes instead of the text that we bring."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from sprechzeit.database.lookup import Lookup
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message, MessageTemplate
from sprechzeit.messages.texts import text_of
from sprechzeit.practices.models import VisitType

OWN = Lookup(
    MessageTemplate,
    "message_template.practice_id = %(practice)s and message_template.text = %(text)s and language = %(language)s",
)


@dataclass(frozen=True)
class OwnText:
    """Subject and body with words in braces (``placeholders.py``), and the visit type's name where they name it."""

    subject: str
    body: str
    visit_type: str = ""


def language_of(message: Message) -> str:
    """The message's language, or German where we do not speak it."""
    return message.language if message.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def own_text_of(message: Message) -> OwnText | None:
    """The practice's text for this message; None: ours. For the worker; needs ``acting_for``.

    One that tells what the appointment is for is left out where the message does not know it: it was put in before
    the practice wrote that.
    """
    text = text_of(message)
    if text is None:
        return None
    language = language_of(message)
    row = OWN.first(practice=message.practice_id, text=text.value, language=language)
    if row is None:
        return None
    if not row.names_visit_type:
        return OwnText(row.subject, row.body)
    types = VisitType.objects.filter(practice=message.practice_id, id=message.facts.get("visit_type"))
    visit_type = types.first()
    if visit_type is None:
        return None
    with override(language):
        return OwnText(row.subject, row.body, visit_type.name)


def tells_visit_type(practice: PracticeId) -> bool:
    """Whether any text of the practice names the visit type, so that messages have to know it. Needs ``acting_for``."""
    return MessageTemplate.objects.filter(practice=practice, names_visit_type=True).values("id").exists()
