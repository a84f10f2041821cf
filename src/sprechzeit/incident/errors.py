"""What can be wrong with an incident."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError


class IncidentError(DomainError):
    """The root of this capability's errors."""


class IncidentNotFound(IncidentError):
    """There is none of this id in this practice."""

    code = "incident-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diesen Vorfall gibt es nicht."))


class IncidentChanged(IncidentError):
    """Somebody else has changed it since it was shown."""

    code = "incident-changed"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Jemand hat diesen Vorfall inzwischen geändert. Bitte laden Sie die Seite neu."))


class IncidentClosed(IncidentError):
    """It is closed: open it again first."""

    code = "incident-closed"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Dieser Vorfall ist abgeschlossen. Öffnen Sie ihn wieder, um etwas zu ändern."))
