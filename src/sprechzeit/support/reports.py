"""What a technician can look at, each a statement that the role ``support`` runs.

The role may read exactly the columns that stand in ``migrations/0002_policies.py``, and rows of a practice only while a
session of it runs. Nothing about patients is among them, nothing sealed, and no text that somebody wrote about a visit.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections

from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.support.session import require_running

REPORTS: dict[str, str] = {
    "practice": """
        select slug, kind, time_zone, subdivision, listed, accepts_new, confirm_email, day_sheet_by_mail, idle_minutes,
            session_hours, quiet_from, quiet_until, set_up_at, frozen_at, key_doubted_at, current_data_key
        from practice where id = %(practice)s
    """,
    "resources": """
        select id, kind, name, capacity, overbooking, retired_at is not null as retired
        from resource where practice_id = %(practice)s order by position, id
    """,
    "visit-types": """
        select id, name_de as name, duration_minutes as minutes, grid_minutes as grid, online, access, lead_minutes,
            horizon_days, most_a_day, most_a_week, needs_confirmation, walk_in, retired_at is not null as retired
        from visit_type where practice_id = %(practice)s order by position, id
    """,
    "hours": """
        select resource_id as resource, weekday, opens, closes, valid_from, valid_until, every_weeks, on_holidays
        from weekly_rule where practice_id = %(practice)s order by resource_id, weekday, opens
    """,
    "exceptions": """
        select resource_id as resource, kind, during
        from schedule_exception where practice_id = %(practice)s and upper(during) > now() order by during limit 200
    """,
    "openings": """
        select resource_id as resource, starts_at, ends_at from opening
        where practice_id = %(practice)s and ends_at > now() and starts_at < now() + interval '14 days'
        order by starts_at, resource_id limit 500
    """,
    "appointments": """
        select starts_at, ends_at, visit_type_id as visit_type, resource_ids as resources, status, source, created_at
        from appointment where practice_id = %(practice)s
            and starts_at > now() - interval '1 day' and starts_at < now() + interval '14 days'
        order by starts_at limit 500
    """,
    "messages": """
        select kind, channel, state, reason, count(*), max(attempts) as most_attempts, min(due_at) as oldest_due
        from message where practice_id = %(practice)s group by kind, channel, state, reason order by 1, 2, 3, 4
    """,
    "alarms": """
        select rule, severity, count, first_seen, last_seen, mailed_at, settled_at
        from alarm where practice_id = %(practice)s order by last_seen desc limit 100
    """,
    "jobs": "select task, status, count, oldest from support_jobs()",
}


@dataclass(frozen=True)
class Table:
    """A report: names of columns, and rows."""

    what: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def show(practice: PracticeId, what: str) -> Table:
    """Look; that it was looked at stands in the practice's trail before anything is shown.

    As the role ``worker``, which puts on ``support`` for the look itself.

    Raises
    ------
    NotFound
        There is no such report.
    NoSupportSession
    """
    if what not in REPORTS:
        raise NotFound(f"there is no report {what!r}")
    session = require_running(practice)
    with acting_for(practice):
        record(practice, SYSTEM, "support.show", [session.id], {"what": what})
    with wearing(Role.SUPPORT), acting_for(practice), connections[current_alias()].cursor() as cursor:
        cursor.execute(REPORTS[what], {"practice": practice})
        columns = tuple(one.name for one in cursor.description)
        return Table(what, columns, list(cursor.fetchall()))
