"""What can go wrong with an invitation to a check-up."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError


class RecallError(DomainError):
    """The root of the recalls' errors."""


class RecallOver(RecallError):
    """It was booked otherwise, declined, has ended or is too old; which of these is not told."""

    code = "recall-over"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("Diese Einladung gilt nicht mehr. Bitte rufen Sie die Praxis an."))


class RecallNotFound(RecallOver):
    """No invitation has this link, or not any more: whoever asks reads the same."""
