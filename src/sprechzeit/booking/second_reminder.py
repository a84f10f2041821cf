"""The second reminder, on the day itself: for those who ask for it, where the practice offers it.

What was ticked is kept as a consent, so that it is proved, handed over and withdrawn as the others are; the planner
reads it (``reminders.sql``).
"""

from __future__ import annotations

from collections.abc import Collection

from sprechzeit.patients.consent import P
from sprechzeit.practices.models import VisitType

WAYS = {P.REMINDER_EMAIL.value, P.REMINDER_SMS.value}


def purposes_for(visit_type: VisitType) -> list[P]:
    """What may be agreed to when this is booked: without a second reminder where none is offered."""
    return [one for one in P if one != P.REMINDER_AGAIN or visit_type.second_reminder_hours is not None]


def may_ask_for_it(visit_type: VisitType, standing: Collection[str], ever: Collection[str]) -> bool:
    """Whether the page of an appointment offers it: to who is reminded by some way, and has not been asked before.

    ``ever`` are the purposes that stand there already, withdrawn ones too, with a button of their own.
    """
    return visit_type.second_reminder_hours is not None and P.REMINDER_AGAIN not in ever and bool(WAYS & set(standing))
