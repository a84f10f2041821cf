"""The 72 hours of Art. 33(1) GDPR: they run from the moment at which the practice became aware, nights included.

Counted in hours of real time, across the change of the clocks too (Regulation (EEC, Euratom) No 1182/71, Art. 3; EDPB
Guidelines 9/2022). After that the notification is still due, and says why it comes late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOURS = timedelta(hours=72)


@dataclass(frozen=True)
class Deadline:
    """``left`` is negative once it has run out; ``done_at`` when the authority was notified."""

    ends_at: datetime
    left: timedelta
    done_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.left <= timedelta(0)

    @property
    def was_late(self) -> bool:
        """Notified after it had run out, or still not."""
        return self.done_at > self.ends_at if self.done_at else self.is_over


def deadline_of(aware_at: datetime, now: datetime, done_at: datetime | None = None) -> Deadline:
    """The clock of an incident of which the practice knew at ``aware_at``."""
    ends_at = aware_at + HOURS
    return Deadline(ends_at, ends_at - now, done_at)


def in_words(span: timedelta) -> str:
    """How long, in days and hours, and in the last hours in hours and minutes; a negative span counts as positive."""
    minutes = max(0, int(abs(span).total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(days)d Tag", "%(days)d Tage", days) % {"days": days})
    if hours:
        parts.append(ngettext("%(hours)d Stunde", "%(hours)d Stunden", hours) % {"hours": hours})
    if not days and (rest or not hours):
        parts.append(ngettext("%(minutes)d Minute", "%(minutes)d Minuten", rest) % {"minutes": rest})
    return _(" und ").join(parts)
