"""The next free start of each visit type that patients book online, copied to where the search over all reads it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Min

from sprechzeit import clock
from sprechzeit.booking.models import Hold
from sprechzeit.booking.offer import offered
from sprechzeit.booking.quota import full_days
from sprechzeit.booking.rules import earliest_start, latest_start
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.practices.models import Access, NextFree, Practice, VisitType
from sprechzeit.timetable.availability import free_now

SOON = timedelta(minutes=1)
TRUSTED = timedelta(minutes=20)  # a copy older than this was left by a worker that stands still
KEPT = ("name_de", "name_en", "modality", "open_to", "insurances", "starts_at", "checked_at")


@retrying
def renew(practice_id: PracticeId) -> datetime | None:
    """Look at everything of the practice anew; tell when time alone will have changed it, None: not at all.

    What is offered without a code, as the page with the times offers it: lead time, horizon, quotas and releases.
    Needs the worker's role.
    """
    with acting_for(practice_id):
        now = clock.now()
        practice = Practice.objects.filter(id=practice_id).first()
        if practice is None:
            return None
        types = list(VisitType.objects.filter(practice=practice_id, online=True, retired_at=None))
        rows = [_row(practice, one, now) for one in types]
        NextFree.objects.filter(practice=practice_id).exclude(visit_type__in=[one.id for one in types]).delete()
        NextFree.objects.bulk_create(rows, update_conflicts=True, unique_fields=["visit_type"], update_fields=KEPT)
        holds = Hold.objects.filter(practice=practice_id, expires_at__gt=now).aggregate(first=Min("expires_at"))
        return _next_look(zip(types, rows, strict=True), now, holds["first"])


def next_free_now(practice: Practice, visit_types: Iterable[VisitType]) -> dict[int, datetime | None]:
    """The next free start by visit type for the practice's own page: each kept one is looked at before it is shown."""
    found: dict[int, datetime | None] = {}
    with acting_for(PracticeId(practice.id)):
        fresh = NextFree.objects.filter(practice=practice.id, checked_at__gt=clock.now() - TRUSTED)
        kept = {row.visit_type_id: row.starts_at for row in fresh}
        for one in visit_types:
            start = kept.get(one.id)
            trusted = one.id in kept and (start is None or _is_still_free(practice, one, start))
            found[one.id] = start if trusted else _first_offered(practice, one)
    return found


def _is_still_free(practice: Practice, visit_type: VisitType, start: datetime) -> bool:
    now = clock.now()
    if not earliest_start(visit_type, now) <= start < latest_start(visit_type, now):
        return False
    if full_days(practice, visit_type, [start.astimezone(practice.zone).date()]):
        return False
    return free_now(PracticeId(practice.id), VisitTypeId(visit_type.id), start) is not None


def _first_offered(practice: Practice, visit_type: VisitType) -> datetime | None:
    if visit_type.access == Access.CODE:
        return None
    days = offered(practice, visit_type, since=None, days=1).days
    return days[0].slots[0].start if days else None


def _row(practice: Practice, visit_type: VisitType, now: datetime) -> NextFree:
    return NextFree(
        practice=practice,
        visit_type=visit_type,
        name_de=visit_type.name_de,
        name_en=visit_type.name_en,
        modality=visit_type.modality,
        open_to=visit_type.open_to,
        insurances=visit_type.insurances,
        starts_at=_first_offered(practice, visit_type),
        checked_at=now,
    )


def _next_look(
    kept: Iterable[tuple[VisitType, NextFree]], now: datetime, first_hold_ends: datetime | None
) -> datetime | None:
    """The first start that comes too near to be booked, the first hold that ends, or a release to watch for."""
    moments = [first_hold_ends] if first_hold_ends else []
    for visit_type, row in kept:
        if row.starts_at is not None:
            moments.append(row.starts_at - timedelta(minutes=visit_type.lead_minutes))
        elif visit_type.released_hours is not None or visit_type.reserved_hours is not None:
            moments.append(now + SOON)
    return min(moments, default=None)
