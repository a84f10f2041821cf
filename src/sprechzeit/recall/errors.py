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


class NotAgreed(RecallError):
    """Nobody is invited without a consent (section 7 UWG, GDPR Art. 6(1)(a))."""

    code = "recall-not-agreed"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Der Patient hat Einladungen nicht zugestimmt. Bitte fragen Sie zuerst."))


class ComesAnyway(RecallError):
    """Such a visit is booked."""

    code = "recall-not-needed"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Ein solcher Termin ist schon gebucht."))


class InvitedAlready(RecallError):
    """There is an invitation with a link that counts."""

    code = "recall-invited"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Dazu ist der Patient schon eingeladen. Sie finden ihn unter „Kontrollen“."))


class RecallNotFound(RecallOver):
    """No invitation has this link, or not any more: whoever asks reads the same."""
