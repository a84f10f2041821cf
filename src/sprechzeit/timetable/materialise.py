"""Write openings from the rules: anew when something changed, one day further every night.

A practice's openings are written under a lock of its own, taken before the rules are read: of two changes at
the same moment the second waits, then sees the first one's rules and replaces its openings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import connections
from django.db.models import OuterRef, Subquery

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.changed import tell_changed
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.timetable.expand import by_day, expand
from sprechzeit.timetable.holidays import public_holidays
from sprechzeit.timetable.models import Opening
from sprechzeit.timetable.read import exceptions_of, rules_of
from sprechzeit.timetable.spans import Span
from sprechzeit.timetable.wall_clock import start_of_day

DAYS_AHEAD = 400

# Freed at the end of the transaction; the practice's number is the seed, so practices do not share a lock.
LOCK = "select pg_advisory_xact_lock(hashtextextended('openings', %s))"

WRITE = """
    insert into opening (practice_id, resource_id, during)
    select %s, resource, tstzrange(starts_at, ends_at)
    from unnest(%s::int8[], %s::timestamptz[], %s::timestamptz[]) as new (resource, starts_at, ends_at)
"""


@retrying
def rewrite_openings(
    practice_id: PracticeId, resource_ids: Iterable[ResourceId] | None = None, *, today: date | None = None
) -> int:
    """Replace the openings from ``today`` on, for ``DAYS_AHEAD`` days; tell how many there are now.

    Parameters
    ----------
    resource_ids
        All resources of the practice when None.
    today
        A local date; the practice's present day when None. Openings of earlier days stay as they are.
    """
    with acting_for(practice_id):
        practice = _locked(practice_id)
        since = today or _today(practice)
        resources = Resource.objects.filter(practice=practice_id)
        if resource_ids is not None:
            resources = resources.filter(id__in=list(resource_ids))
        retired = dict(resources.values_list("id", "retired_at"))
        # Raw: no other table hangs on an opening, and the collector would fetch the rows first.
        Opening.objects.filter(
            practice=practice_id,
            resource__in=list(retired),
            starts_at__gte=start_of_day(since, practice.zone),
        )._raw_delete(current_alias())
        tell_changed(practice_id)
        used = [resource for resource, retired_at in retired.items() if retired_at is None]
        return _write(practice, dict.fromkeys(used, since), since + timedelta(days=DAYS_AHEAD))


@retrying
def extend_openings(practice_id: PracticeId) -> int:
    """Write the days that are missing up to ``DAYS_AHEAD`` days ahead; tell how many openings were added.

    The days after a resource's last opening are the missing ones: had the rules opened one of those that were
    looked at before, it would stand there. So a night that was left out, or a second run, does no harm.
    """
    with acting_for(practice_id):
        practice = _locked(practice_id)
        today = _today(practice)
        of_resource = Opening.objects.filter(practice=practice_id, resource=OuterRef("id"))
        last = Subquery(of_resource.order_by("-starts_at").values("starts_at")[:1])
        since = {
            resource: max(today, starts_at.astimezone(practice.zone).date() + timedelta(days=1)) if starts_at else today
            for resource, starts_at in Resource.objects.filter(practice=practice_id, retired_at=None)
            .annotate(last=last)
            .values_list("id", "last")
        }
        return _write(practice, since, today + timedelta(days=DAYS_AHEAD))


def _locked(practice_id: PracticeId) -> Practice:
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(LOCK, [practice_id])
    return Practice.objects.get(id=practice_id)


def _today(practice: Practice) -> date:
    return clock.now().astimezone(practice.zone).date()


def _write(practice: Practice, since: Mapping[int, date], until: date) -> int:
    """Insert the openings of each resource from its day on to ``until`` (local dates, half-open)."""
    if not since:
        return 0
    first = min(since.values())
    rules = rules_of(practice, since, first)
    exceptions = exceptions_of(practice, since, first)
    holidays = public_holidays(practice.subdivision, range(first.year, until.year + 1))
    rows: list[tuple[int, Span]] = []
    for resource, begin in since.items():
        spans = expand(
            rules[resource],
            [*exceptions[None], *exceptions[resource]],
            zone=practice.zone,
            since=begin,
            until=until,
            holidays=holidays,
        )
        rows += [(resource, span) for span in by_day(spans, practice.zone)]
    resources = [resource for resource, _ in rows]
    starts = [span.start for _, span in rows]
    ends = [span.end for _, span in rows]
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(WRITE, [practice.id, resources, starts, ends])
    return len(rows)
