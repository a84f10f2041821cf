"""Quiet hours: reminders and the like reach nobody at night.

What is urgent (a code, a change, a cancellation) does not ask here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sprechzeit.practices.models import Practice

EARLIER = timedelta(minutes=30)  # before they begin, so that a whole evening's worth is out by then
BEFORE_VISIT = timedelta(hours=2)  # after that a reminder helps nobody
LONGEST = timedelta(hours=14)


def after_quiet(practice: Practice, due: datetime, latest: datetime | None = None) -> datetime:
    """When to send what is due at ``due``: then, or at the end of the quiet hours that it falls into.

    Where that is later than ``latest``, shortly before they began. Moments are aware; the hours are the practice's
    wall clock, also in the nights in which that is changed.
    """
    began = _began(practice, due)
    if began is None:
        return due
    ends_on = began if practice.quiet_from < practice.quiet_until else began + timedelta(days=1)
    end = max(_moments(practice, ends_on, practice.quiet_until))
    if latest is None or end <= latest:
        return end
    return min(_moments(practice, began, practice.quiet_from)) - EARLIER


def length_of(quiet_from: time, quiet_until: time) -> timedelta:
    """How long they last in an ordinary night."""
    minutes = (quiet_until.hour - quiet_from.hour) * 60 + quiet_until.minute - quiet_from.minute
    return timedelta(minutes=minutes % (24 * 60))


def _began(practice: Practice, moment: datetime) -> date | None:
    """The local day on which the quiet hours around this moment began; None: it is in none."""
    local = moment.astimezone(practice.zone)
    clock, begins, ends = local.time(), practice.quiet_from, practice.quiet_until
    if begins < ends:
        return local.date() if begins <= clock < ends else None
    if begins == ends:
        return None
    if clock >= begins:
        return local.date()
    return local.date() - timedelta(days=1) if clock < ends else None


def _moments(practice: Practice, day: date, wall: time) -> tuple[datetime, datetime]:
    """The moments at which a wall clock shows this: one, or the two that are meant when the clocks change."""
    shown = datetime.combine(day, wall, tzinfo=practice.zone)
    return shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)
