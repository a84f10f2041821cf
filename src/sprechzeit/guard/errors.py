"""What the guard says to those who ask too often."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sprechzeit.errors import DomainError


class TooMany(DomainError):
    """Too many tries; ``retry_after`` is in seconds (RFC 6585, section 4; RFC 9110, section 10.2.3)."""

    code = "too-many-requests"
    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, -(-retry_after // 60))
        super().__init__(
            ngettext(
                "Das waren zu viele Versuche. Bitte warten Sie %(minutes)d Minute.",
                "Das waren zu viele Versuche. Bitte warten Sie %(minutes)d Minuten.",
                minutes,
            )
            % {"minutes": minutes}
        )
        self.retry_after = retry_after


class Stopped(DomainError):
    """More different patients were to be opened than the work of an hour needs; nothing was shown."""


class ProofForMore(Stopped):
    """Beyond the first limit: the passkey is asked for, then it goes on."""

    code = "proof-for-more"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("Sie haben in der letzten Stunde ungewöhnlich viele Patienten geöffnet. Bitte zeigen Sie Ihren Passkey.")
        )


class UsedUp(Stopped):
    """Beyond the second limit: the session ends."""

    code = "reading-stopped"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "In der letzten Stunde wurden hier mehr Patienten geöffnet, als zur Arbeit gehört. Die Sitzung ist "
                "beendet, und die Inhaber der Praxis sind benachrichtigt. Sie können das unter „Alarme“ freigeben."
            )
        )


class Frozen(DomainError):
    """The practice has pulled the brake on exports and mass changes."""

    code = "frozen"
    status = 423

    def __init__(self) -> None:
        super().__init__(
            _(
                "Das ist gerade angehalten: Die Praxis hat Ausgaben und Massenänderungen gesperrt. "
                "Aufheben können es die Inhaber unter „Notbremse“."
            )
        )
