"""Tell whoever keeps copies that what the practice offers has changed: the next free starts of the search."""

from __future__ import annotations

from django.db import connections

from sprechzeit.database.tenancy import current_alias
from sprechzeit.identifiers import PracticeId

CHANNEL = "sprechzeit_desks"  # the one that bookings notify too (booking/live.py)
NO_MOMENT = 0  # it concerns no moment of the calendar, so no open desk draws its day anew


def tell_changed(practice: PracticeId) -> None:
    """Sent when the transaction commits, and not at all when it fails. Needs ``acting_for``."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, f"{practice} {NO_MOMENT}"])
