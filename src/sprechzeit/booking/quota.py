"""At most so many of a visit type a day and a week, whatever else is free. The desk's count and are not bound."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.database.tenancy import current_alias
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.timetable.wall_clock import local_midnight

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def is_limited(visit_type: VisitType) -> bool:
    """Whether any limit is set at all."""
    return visit_type.most_a_day is not None or visit_type.most_a_week is not None


def require_room(practice: Practice, visit_type: VisitType, start: datetime, *, ignoring: UUID | None = None) -> None:
    """Refuse one more on this local day or in this week. Needs ``acting_for``.

    Whoever asks at the same moment waits for this transaction: the last one is given once.

    Raises
    ------
    NotBookable
    """
    if not is_limited(visit_type):
        return
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [visit_type.id % 2**31, 1])
    day = start.astimezone(practice.zone).date()
    if day in full_days(practice, visit_type, [day], ignoring=ignoring):
        raise NotBookable(_("Für diesen Tag ist davon alles vergeben. Bitte wählen Sie einen anderen."))


def full_days(
    practice: Practice, visit_type: VisitType, days: Iterable[date], *, ignoring: UUID | None = None
) -> set[date]:
    """Those of the local days on which nothing more of it is given, because of the day or of its ISO week."""
    asked = sorted(set(days))
    if not asked or not is_limited(visit_type):
        return set()
    since = asked[0] - timedelta(days=asked[0].weekday())
    until = asked[-1] - timedelta(days=asked[-1].weekday()) + WEEK
    by_day = _counted(practice, visit_type, since, until, ignoring)
    by_week: dict[date, int] = {}
    for day, count in by_day.items():
        monday = day - timedelta(days=day.weekday())
        by_week[monday] = by_week.get(monday, 0) + count
    return {
        day
        for day in asked
        if _reached(by_day.get(day, 0), visit_type.most_a_day)
        or _reached(by_week.get(day - timedelta(days=day.weekday()), 0), visit_type.most_a_week)
    }


def _reached(count: int, most: int | None) -> bool:
    return most is not None and count >= most


def _counted(
    practice: Practice, visit_type: VisitType, since: date, until: date, ignoring: UUID | None
) -> dict[date, int]:
    first, behind = local_midnight(since, practice.zone), local_midnight(until, practice.zone)
    booked = Appointment.objects.filter(
        practice=practice.id, visit_type=visit_type.id, starts_at__gte=first, starts_at__lt=behind
    ).exclude(status=Appointment.Status.CANCELLED)
    if ignoring is not None:
        booked = booked.exclude(id=ignoring)
    held = Hold.objects.filter(
        practice=practice.id,
        visit_type=visit_type.id,
        starts_at__gte=first,
        starts_at__lt=behind,
        expires_at__gt=clock.now(),
    )
    counts: dict[date, int] = {}
    for found in (booked, held):
        for start in found.values_list("starts_at", flat=True):
            day = start.astimezone(practice.zone).date()
            counts[day] = counts.get(day, 0) + 1
    return counts
