"""The desk's week: one or several resources on seven days, names opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.day import Day, days_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.vault import PracticeKeys

DAYS = 7


def week_of(
    keys: PracticeKeys, actor: Actor, practice: Practice, monday: date, resources: Sequence[Resource]
) -> list[Day]:
    """Seven local days from ``monday``, each with a column for each resource. Who was shown is recorded, once.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    with acting_for(number):
        days = days_of(keys, practice, monday, DAYS, resources)
        if people := {who for day in days for who in day.people}:
            record(number, actor, "week.view", sorted(people), {"count": len(people)})
    return days
