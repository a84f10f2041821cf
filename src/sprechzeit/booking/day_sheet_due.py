"""When a new day sheet is due, and which days it covers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models.functions import TruncDate

from sprechzeit import clock
from sprechzeit.booking.models import Appointment, Block, DaySheet
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.day_sheet_key import day_sheet_keys
from sprechzeit.timetable.models import Opening
from sprechzeit.timetable.wall_clock import local_midnight

MOMENTS = (time(6), time(17))  # local: before anybody comes, and when the day is nearly over
AHEAD = 2  # days on which somebody works, after the day of making
FARTHEST = timedelta(days=31)  # a practice on holiday
KEEPS = timedelta(minutes=30)  # so long a sheet may be behind the calendar


def covered_days(practice: Practice, first: date) -> list[date]:
    """The local day ``first`` and the next ones on which anybody works or is to come. Needs ``acting_for``."""
    after = local_midnight(first + timedelta(days=1), practice.zone)
    until = after + FARTHEST
    days: set[date] = set()
    for table in (Opening.objects.all(), Appointment.objects.exclude(status=Appointment.Status.CANCELLED)):
        found = table.filter(practice=practice, starts_at__gte=after, starts_at__lt=until)
        local = found.annotate(day=TruncDate("starts_at", tzinfo=practice.zone)).order_by("day")
        days.update(local.values_list("day", flat=True).distinct()[:AHEAD])
    return [first, *sorted(days)[:AHEAD]]


def last_moment(practice: Practice) -> datetime:
    """The last six or seventeen o'clock in the practice's time."""
    now = clock.now().astimezone(practice.zone)
    today = [datetime.combine(now.date(), one, tzinfo=practice.zone) for one in MOMENTS]
    evening = datetime.combine(now.date() - timedelta(days=1), MOMENTS[-1], tzinfo=practice.zone)
    return max(one for one in [evening, *today] if one <= now)


def newest_day_sheet(practice: Practice) -> DaySheet | None:
    """The stored one, without its content."""
    with acting_for(PracticeId(practice.id)):
        return DaySheet.objects.filter(practice=practice).defer("sealed").first()


def is_due(practice: Practice) -> bool:
    """Whether a new one should be made: a moment has passed, the keys or, a while ago, the appointments changed."""
    with acting_for(PracticeId(practice.id)):
        keys = day_sheet_keys(PracticeId(practice.id))
        if not keys:
            return False
        last = newest_day_sheet(practice)
        if last is None or last.made_at < last_moment(practice):
            return True
        if any(key.created_at > last.made_at for key in keys):
            return True
        return clock.now() - last.made_at > KEEPS and _has_changed(practice, last)


def _has_changed(practice: Practice, last: DaySheet) -> bool:
    days = covered_days(practice, last.first_day)
    since, until = local_midnight(days[0], practice.zone), local_midnight(days[-1] + timedelta(days=1), practice.zone)
    asked = {"practice": practice, "changed_at__gt": last.made_at, "starts_at__gte": since, "starts_at__lt": until}
    return Appointment.objects.filter(**asked).exists() or Block.objects.filter(**asked).exists()
