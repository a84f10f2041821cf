"""Learn a practice's limits from its calendar: how busy its fullest hour, day and week of the last four weeks were."""

from __future__ import annotations

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.guard.models import WorkLimit
from sprechzeit.guard.rules import MEMORY, Limits, Size, limits_of
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

# Walks the index of appointments by practice and start; 4 weeks of a large practice are some 10,000 rows.
BUSIEST = """
    with visits as (
        select starts_at at time zone %(zone)s as at from appointment
        where practice_id = %(practice)s and starts_at >= %(since)s and starts_at < %(now)s and status <> 'cancelled'
    )
    select
        coalesce((select max(n) from (select count(*) as n from visits group by date_trunc('hour', at)) of_hour), 0),
        coalesce((select max(n) from (select count(*) as n from visits group by date_trunc('day', at)) of_day), 0),
        coalesce((select max(n) from (select count(*) as n from visits group by date_trunc('week', at)) of_week), 0)
"""


def size_of(practice: PracticeId) -> Size:
    """How busy it was."""
    now = clock.now()
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        zone = Practice.objects.values_list("time_zone", flat=True).get(id=practice)
        cursor.execute(BUSIEST, {"practice": practice, "zone": zone, "since": now - MEMORY, "now": now})
        return Size(*cursor.fetchone())


def learn_limits(practice: PracticeId) -> Limits:
    """Write them down, as the role ``worker``."""
    with acting_for(practice):
        limits = limits_of(size_of(practice))
        WorkLimit.objects.update_or_create(practice_id=practice, defaults={**vars(limits), "learnt_at": clock.now()})
    return limits
