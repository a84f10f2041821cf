"""What the guard says to those who ask too often."""

from __future__ import annotations

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
