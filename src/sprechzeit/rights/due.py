"""Until when a request has to be answered (GDPR Art. 12(3)).

One month from its receipt, for a complicated one or many two months more. A month ends on the day of the same number,
or on the last one of a shorter month (Regulation (EEC, Euratom) No 1182/71, Art. 3(2)(c)). That such an end moves on
from a weekend or holiday (Art. 3(4)) is left out on purpose: nobody should plan with that.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

MONTHS = 1
EXTENDED_MONTHS = 3
SOON = timedelta(days=7)


class Urgency(StrEnum):
    """How much time is left."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


def due_on(received: date, *, extended: bool = False) -> date:
    """The last day, local like ``received``."""
    months = received.month - 1 + (EXTENDED_MONTHS if extended else MONTHS)
    year, month = received.year + months // 12, months % 12 + 1
    return date(year, month, min(received.day, monthrange(year, month)[1]))


def urgency(due: date, today: date) -> Urgency:
    """Both local; the last day itself is not overdue."""
    if today > due:
        return Urgency.OVERDUE
    return Urgency.SOON if due - today <= SOON else Urgency.LATER
