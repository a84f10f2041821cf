"""Each night recalls begin after the last visit, and end when booked or not wanted. A night missed does no harm."""

from __future__ import annotations

from typing import Any

from django.db import connections
from procrastinate.contrib.django import app

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.statements import statement_beside
from sprechzeit.database.tenancy import acting_for, current_alias, retrying, wearing
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

END = statement_beside(__file__, "end.sql")
BEGIN = statement_beside(__file__, "begin.sql")


@retrying
def renew_recalls(practice: PracticeId) -> tuple[int, int]:
    """Tell how many ended and how many began. Twice in a night does nothing more."""
    values: dict[str, Any] = {"practice": practice, "now": clock.now()}
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        cursor.execute(END, values)
        ended = cursor.rowcount
        cursor.execute(BEGIN, values)
        return ended, cursor.rowcount


@app.periodic(cron="40 3 * * *")
@app.task(name="recalls", queueing_lock="recalls", pass_context=False)
def recalls(timestamp: int) -> None:
    """For each practice."""
    with wearing(Role.WORKER):
        for practice in Practice.objects.order_by("id").values_list("id", flat=True).iterator():
            renew_recalls(PracticeId(practice))
