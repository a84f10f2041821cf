"""Whether a free time is one that somebody waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.rules import change_until
from sprechzeit.errors import Invalid
from sprechzeit.practices.models import VisitType
from sprechzeit.timetable.availability import Slot
from sprechzeit.timetable.wall_clock import start_of_day
from sprechzeit.waiting.models import WaitingEntry
from sprechzeit.waiting.time_to_answer import SHORTEST, time_to_answer

LONGEST_NOTICE = 14 * 24  # hours
LONGEST_WAIT = timedelta(days=90)  # without an appointment; then the place goes, and what was typed
UNCONFIRMED_FOR = timedelta(hours=24)  # the same while nobody has confirmed the address


@dataclass(frozen=True)
class Wishes:
    """What suits; empty and None mean any. Times and days are local, both ends included."""

    clinicians: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    since_time: time | None = None
    until_time: time | None = None
    earliest: date | None = None
    latest: date | None = None
    notice_hours: int = 2

    def as_fields(self) -> dict[str, object]:
        """The columns of an entry.

        Raises
        ------
        Invalid
            A span ends before it begins.
        """
        if self.since_time and self.until_time and self.since_time >= self.until_time:
            raise Invalid(_("Das Ende muss nach dem Anfang liegen."), field="bis")
        if self.earliest and self.latest and self.earliest > self.latest:
            raise Invalid(_("Der letzte Tag darf nicht vor dem ersten liegen."), field="letzter")
        return {
            "clinician_ids": sorted(set(self.clinicians)),
            "weekdays": sorted({one for one in self.weekdays if 1 <= one <= 7}),
            "since_time": self.since_time,
            "until_time": self.until_time,
            "earliest": self.earliest,
            "latest": self.latest,
            "notice_hours": min(max(self.notice_hours, 0), LONGEST_NOTICE),
        }


def require_time_left(wishes: Wishes, visit_type: VisitType) -> None:
    """Refuse a last day that is over already: the place would be gone at once.

    Raises
    ------
    Invalid
    """
    if wishes.latest and wishes.latest < clock.now().astimezone(visit_type.practice.zone).date():
        raise Invalid(_("Dieser Tag ist schon vorbei."), field="letzter")


def suits(entry: WaitingEntry, visit_type: VisitType, slot: Slot, now: datetime) -> bool:
    """Whether the slot is earlier than what they have, as they wish it, and leaves time to answer."""
    zone = visit_type.practice.zone
    local = slot.start.astimezone(zone)
    if entry.appointment is not None and slot.start >= entry.appointment.starts_at:
        return False
    if slot.start < now + timedelta(hours=entry.notice_hours):
        return False
    if (entry.earliest and local.date() < entry.earliest) or (entry.latest and local.date() > entry.latest):
        return False
    if entry.weekdays and local.isoweekday() not in entry.weekdays:
        return False
    if entry.since_time and local.time() < entry.since_time:
        return False
    if entry.until_time and slot.end.astimezone(zone) > datetime.combine(local.date(), entry.until_time, zone):
        return False
    if entry.clinician_ids and wanted_clinician(entry, slot) is None:
        return False
    return answer_until(entry, visit_type, slot.start, now) >= now + SHORTEST


def wanted_clinician(entry: WaitingEntry, slot: Slot) -> int | None:
    """One of those that they wish for who is free then; None: no matter who, or none of them."""
    free = {int(one) for need in slot.resources for one in need}
    return next((one for one in entry.clinician_ids if one in free), None)


def answer_until(entry: WaitingEntry, visit_type: VisitType, start: datetime, now: datetime) -> datetime:
    """Until when an offer of this start runs, made now: no longer than the appointment they have may be moved."""
    until = now + time_to_answer(now, start, visit_type.practice.zone)
    if entry.appointment is not None:
        until = min(until, change_until(visit_type, entry.appointment.starts_at))
    return until


def ends_at(entry: WaitingEntry, visit_type: VisitType) -> datetime | None:
    """When waiting is over by itself: with the appointment that they have, or after the last day that suits.

    Without an appointment after 90 days, and after one where the address was never confirmed.
    """
    ends = []
    if entry.appointment is not None:
        ends.append(change_until(visit_type, entry.appointment.starts_at))
    else:
        is_unconfirmed = entry.state == WaitingEntry.State.UNCONFIRMED
        ends.append(entry.created_at + (UNCONFIRMED_FOR if is_unconfirmed else LONGEST_WAIT))
    if entry.latest is not None:
        ends.append(start_of_day(entry.latest + timedelta(days=1), visit_type.practice.zone))
    return min(ends, default=None)
