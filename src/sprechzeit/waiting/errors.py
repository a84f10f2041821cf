"""What can go wrong on the waiting list, each with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError


class WaitingError(DomainError):
    """The root of the waiting list's errors."""


class EntryNotFound(WaitingError):
    """Nobody waits under this number or link."""

    code = "waiting-entry-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diesen Eintrag auf der Warteliste gibt es nicht oder der Link ist unvollständig."))


class OfferNotFound(WaitingError):
    """There is no such offer."""

    code = "offer-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Dieses Angebot gibt es nicht oder der Link ist unvollständig."))


class OfferOver(WaitingError):
    """It was answered, has expired, was taken back, or somebody was faster."""

    code = "offer-over"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Dieses Angebot gilt nicht mehr."))


class OfferTaken(OfferOver):
    """It was offered to several at once, and somebody else was faster."""

    code = "offer-taken"

    def __init__(self) -> None:
        WaitingError.__init__(self, _("Jemand anders war einen Moment schneller."))


class NotForTheList(WaitingError):
    """Whoever asks cannot be put on the list, with the reason in words."""

    code = "not-for-the-list"
    status = 409


class NothingLeft(WaitingError):
    """There is nothing to offer at this time."""

    code = "not-to-be-offered"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Diese Zeit lässt sich nicht anbieten. Bitte wählen Sie eine andere."))
