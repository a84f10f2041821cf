"""How long an offered time is kept for one who waits."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sprechzeit.timetable.wall_clock import start_of_day

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
SHARE = 4  # a quarter of what is left until the visit
NIGHT_FROM, NIGHT_UNTIL = time(21), time(7)
AFTER_WAKING = timedelta(hours=1)
BEFORE_THE_VISIT = timedelta(hours=2)  # "far enough": so much is left when the morning's hour is over


def time_to_answer(now: datetime, start: datetime, zone: ZoneInfo) -> timedelta:
    """A quarter of the time until ``start``: at least 15 minutes, at most 12 hours, and never beyond the start.

    What would end between 21:00 and 08:00 on the practice's clock runs until 08:00, where two hours are left then.
    """
    until = now + min(max((start - now) / SHARE, SHORTEST), LONGEST)
    morning = _morning_after(until, zone)
    if morning is not None and morning <= start - BEFORE_THE_VISIT:
        until = morning
    return min(until, start) - now


def _morning_after(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """An hour after the end of the night that this moment lies in, None by day."""
    local = moment.astimezone(zone)
    day = local.date()
    awake = timedelta(hours=NIGHT_UNTIL.hour) + AFTER_WAKING
    if local.time() >= NIGHT_FROM:
        day += timedelta(days=1)
    elif timedelta(hours=local.hour, minutes=local.minute, seconds=local.second) >= awake:
        return None
    naive = datetime.combine(day, time()) + awake
    return max(start_of_day(day, zone), naive.replace(tzinfo=zone))
