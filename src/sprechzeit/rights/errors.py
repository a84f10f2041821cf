"""What can go wrong with a request, each with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError


class RightsError(DomainError):
    """The root of the requests' errors."""


class RequestNotFound(RightsError):
    """There is no such request in this practice (any more)."""

    code = "request-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diesen Antrag gibt es nicht oder nicht mehr."))


class RequestClosed(RightsError):
    """It was answered already; nothing was changed."""

    code = "request-closed"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Dieser Antrag ist schon beantwortet."))


class IdentityUnchecked(RightsError):
    """Nobody has made sure that the patient asks (GDPR Art. 12(6))."""

    code = "identity-unchecked"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Prüfen Sie zuerst, ob der Antrag wirklich von dieser Person kommt."))


class NotInRecords(RightsError):
    """The booking has not been taken over yet, so there is no record to do it to."""

    code = "not-in-records"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Diese Person steht noch nicht in der Kartei. Übernehmen Sie zuerst die Online-Buchung."))


class TooLateToExtend(RightsError):
    """Only within the first month, and once, may the time be extended (GDPR Art. 12(3))."""

    code = "too-late-to-extend"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Die Frist lässt sich nur einmal verlängern, und nur, bevor sie abgelaufen ist."))


class TooManyRequests(RightsError):
    """This kind was asked for and is not answered yet, or too much was asked for by one link."""

    code = "asked-already"
    status = 409

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("Diesen Antrag haben Sie schon gestellt. Die Praxis hat noch nicht geantwortet."))
