"""How it was made sure that who asks is the patient (GDPR Art. 12(6))."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from sprechzeit.errors import Invalid


class Identity(StrEnum):
    """The ways; which one is up to the practice."""

    IN_PERSON = "in-person"
    CALL_BACK = "call-back"
    DOCUMENT = "document"
    ANSWER = "answer"


def read_identity(text: str) -> Identity:
    """The way of this name.

    Raises
    ------
    Invalid
    """
    if text not in list(Identity):
        raise Invalid(_("Bitte geben Sie an, wie Sie die Person geprüft haben."), field="identity")
    return Identity(text)
