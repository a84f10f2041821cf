"""What is wrong with the messages about an appointment, in a sentence for the desk."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message
from sprechzeit.messages.refuse import refused_among
from sprechzeit.messages.words import reason_in_words


def trouble_with_messages(practice: PracticeId, about: UUID) -> str:
    """Empty when everything went out or is on its way. Needs ``acting_for``."""
    if refused_among(practice, [about]):
        return _(
            "Wer die E-Mails dorthin bekam, hat gesagt: Das ist nicht für mich. Bitte fragen Sie nach der Adresse."
        )
    last = Message.objects.filter(practice=practice, about=about).exclude(state=Message.State.STOPPED)
    reason = last.order_by("-created_at").values_list("reason", flat=True).first()
    return reason_in_words(reason or "")
