"""The texts that a practice may write anew, and what it may name in each by a word in braces."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sprechzeit.messages.models import Message

K = Message.Kind


class Text(StrEnum):
    """One kind of message may have several: a request does not read like a booking."""

    CONFIRMATION = "confirmation"
    REQUEST = "request"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    OWN_CANCELLATION = "own-cancellation"
    REFUSAL = "refusal"
    REMINDER = "reminder"


NAMES: dict[Text, Promise | str] = {
    Text.CONFIRMATION: _("Termin ist gebucht"),
    Text.REQUEST: _("Anfrage ist eingegangen"),
    Text.CHANGE: _("Termin ist verschoben"),
    Text.CANCELLATION: _("Die Praxis sagt ab"),
    Text.OWN_CANCELLATION: _("Der Patient hat abgesagt"),
    Text.REFUSAL: _("Die Praxis nimmt eine Anfrage nicht an"),
    Text.REMINDER: _("Erinnerung"),
}
WITHOUT_LINK = {Text.CANCELLATION, Text.OWN_CANCELLATION}  # there is nothing left to manage

MEANINGS: dict[str, Promise | str] = {
    "practice": _("Name der Praxis"),
    "day": _("Tag des Termins"),
    "time": _("Uhrzeit"),
    "link": _("Link zum Termin"),
    "phone": _("Telefon der Praxis"),
    "address": _("Adresse der Praxis"),
    "visit_type": _("Terminart"),
}
IN_SUBJECT = ("practice", "day", "time")  # it shows on locked screens
VISIT_TYPE = "visit_type"

_FACTS: dict[Text, tuple[str, dict[str, str | int]]] = {
    Text.CONFIRMATION: (K.CONFIRMATION, {}),
    Text.REQUEST: (K.CONFIRMATION, {"pending": 1}),
    Text.CHANGE: (K.CHANGE, {}),
    Text.CANCELLATION: (K.CANCELLATION, {"by_practice": 1}),
    Text.OWN_CANCELLATION: (K.CANCELLATION, {}),
    Text.REFUSAL: (K.CANCELLATION, {"by_practice": 1, "refused": 1}),
    Text.REMINDER: (K.REMINDER, {}),
}


def in_body(text: Text) -> tuple[str, ...]:
    """The words that its body may name, in the order in which the page lists them."""
    return tuple(one for one in MEANINGS if one != "link" or text not in WITHOUT_LINK)


def kind_and_facts(text: Text) -> tuple[str, dict[str, str | int]]:
    """Of a message that says this."""
    kind, facts = _FACTS[text]
    return kind, dict(facts)


def text_of(message: Message) -> Text | None:
    """Which of them this message says; None for what nobody may rewrite."""
    match message.kind:
        case K.CONFIRMATION:
            return Text.REQUEST if message.facts.get("pending") else Text.CONFIRMATION
        case K.CHANGE:
            return Text.CHANGE
        case K.CANCELLATION if message.facts.get("refused"):
            return Text.REFUSAL
        case K.CANCELLATION:
            return Text.CANCELLATION if message.facts.get("by_practice") else Text.OWN_CANCELLATION
        case K.REMINDER:
            return Text.REMINDER
        case _other:
            return None
