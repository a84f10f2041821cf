"""Write a text for messages to patients anew, or go back to ours."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import MessageTemplate
from sprechzeit.messages.own_text import OwnText
from sprechzeit.messages.placeholders import BadPlaceholder, names_in
from sprechzeit.messages.texts import IN_SUBJECT, VISIT_TYPE, Text, in_body

LONGEST_SUBJECT, LONGEST = 120, 2000


def own_texts(practice: PracticeId) -> dict[tuple[str, str], OwnText]:
    """All that the practice wrote, by text and language."""
    with acting_for(practice):
        rows = MessageTemplate.objects.filter(practice=practice)
        return {(row.text, row.language): OwnText(row.subject, row.body) for row in rows}


def text_asked(name: str, language: str) -> Text:
    """The text of this name.

    Raises
    ------
    NotFound
        There is none, or we do not speak the language.
    """
    if name not in list(Text) or language not in dict(settings.LANGUAGES):
        raise NotFound(_("Diesen Text gibt es nicht."))
    return Text(name)


def require_sound(text: Text, own: OwnText) -> set[str]:
    """The words in braces that its body uses.

    Raises
    ------
    Invalid
        It is empty or too long, or names what is not there; the sentence says what is.
    """
    if not own.subject or len(own.subject) > LONGEST_SUBJECT or not own.subject.isprintable():
        told = _("Bitte eine Zeile mit höchstens %(count)d Zeichen.") % {"count": LONGEST_SUBJECT}
        raise Invalid(told, field="subject")
    if not own.body or len(own.body) > LONGEST:
        raise Invalid(_("Bitte einen Text mit höchstens %(count)d Zeichen.") % {"count": LONGEST}, field="body")
    _names(own.subject, IN_SUBJECT, "subject")
    return _names(own.body, in_body(text), "body")


@retrying
def change_message_text(practice: PracticeId, actor: Actor, text: Text, language: str, own: OwnText) -> None:
    """From now on messages say this; those that wait already too, unless they do not know the visit type it names.

    Raises
    ------
    Invalid
    """
    names = require_sound(text, own)
    values = {
        "subject": own.subject,
        "body": own.body,
        "names_visit_type": VISIT_TYPE in names,
        "changed_at": clock.now(),
    }
    with acting_for(practice):
        rows = MessageTemplate.objects.filter(practice=practice)
        rows.update_or_create(
            text=text.value, language=language, defaults=values, create_defaults={**values, "practice_id": practice}
        )
        record(practice, actor, "message-text.change", details={"text": text.value, "language": language})


@retrying
def reset_message_text(practice: PracticeId, actor: Actor, text: Text, language: str) -> None:
    """Messages say what we bring again; done before, it stays so."""
    with acting_for(practice):
        rows = MessageTemplate.objects.filter(practice=practice, text=text.value, language=language)
        if rows.delete()[0]:
            record(practice, actor, "message-text.reset", details={"text": text.value, "language": language})


def _names(text: str, allowed: Collection[str], field: str) -> set[str]:
    try:
        return names_in(text, allowed)
    except BadPlaceholder as bad:
        words = " ".join(f"{{{one}}}" for one in allowed)
        if bad.name:
            wrong = _("{%(name)s} gibt es hier nicht. Möglich sind: %(words)s")
            raise Invalid(wrong % {"name": bad.name[:40], "words": words}, field=field) from None
        alone = _("Eine geschweifte Klammer steht allein. Möglich sind: %(words)s")
        raise Invalid(alone % {"words": words}, field=field) from None
