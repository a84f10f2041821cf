"""What can go wrong when a technician looks."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError


class NoSupportSession(DomainError):
    """None runs in the practice: not opened, not allowed yet, over, or ended by an owner."""

    code = "no-support-session"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("In dieser Praxis läuft keine Support-Sitzung."))


class SupportRunning(DomainError):
    """One at a time: an owner sees who looks."""

    code = "support-running"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("In dieser Praxis läuft schon eine Support-Sitzung oder wartet auf Erlaubnis."))
