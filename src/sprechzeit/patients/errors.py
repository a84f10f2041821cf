"""What can go wrong with a patient's record, each with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError


class PatientError(DomainError):
    """The root of the records' errors."""


class PatientNotFound(PatientError):
    """There is no such record in this practice (any more)."""

    code = "patient-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diesen Patienten gibt es in Ihrer Kartei nicht oder nicht mehr."))


class PatientChanged(PatientError):
    """Somebody else changed the record since it was read; nothing was overwritten."""

    code = "patient-changed"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Diese Daten wurden inzwischen von jemand anderem geändert."))


class Restricted(PatientError):
    """Processing is restricted (GDPR Art. 18): the record is neither changed nor erased until that is lifted."""

    code = "restricted"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Die Verarbeitung dieser Daten ist eingeschränkt. Heben Sie die Einschränkung auf der Karte zuerst auf.")
        )


class MergeGone(PatientError):
    """It was undone already, is older than 30 days, or a later one must be undone first."""

    code = "merge-gone"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Diese Zusammenführung lässt sich nicht (mehr) rückgängig machen."))


class SamePatient(PatientError):
    """A record cannot be merged with itself."""

    code = "same-patient"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("Bitte wählen Sie zwei verschiedene Patienten."))


class ComingAppointments(PatientError):
    """The patient still has appointments to come."""

    code = "coming-appointments"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Es gibt noch kommende Termine. Sagen Sie sie mit ab oder löschen Sie erst danach."))
