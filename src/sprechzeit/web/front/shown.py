"""Free times as the pages show them: by local day, morning and afternoon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sprechzeit import clock
from sprechzeit.booking.offer import Offer, PartOfDay, part_of
from sprechzeit.practices.models import Resource
from sprechzeit.timetable.availability import Slot

UNFOLDED = 2  # days whose times are seen at once


@dataclass(frozen=True)
class ShownDay:
    """A local day; ``near`` is 0 for today, 1 for tomorrow, None otherwise."""

    day: date
    morning: tuple[Slot, ...]
    afternoon: tuple[Slot, ...]
    near: int | None
    unfolded: bool

    @property
    def count(self) -> int:
        return len(self.morning) + len(self.afternoon)


def shown_days(offer: Offer, zone: ZoneInfo, *, unfolded: int = UNFOLDED) -> list[ShownDay]:
    """The offer's days, each parted at local noon."""
    today = clock.now().astimezone(zone).date()
    near = {today: 0, today + timedelta(days=1): 1}
    return [
        ShownDay(
            day=one.day,
            morning=tuple(slot for slot in one.slots if part_of(slot.start, zone) == PartOfDay.MORNING),
            afternoon=tuple(slot for slot in one.slots if part_of(slot.start, zone) == PartOfDay.AFTERNOON),
            near=near.get(one.day),
            unfolded=place < unfolded,
        )
        for place, one in enumerate(offer.days)
    ]


def clinician_among(clinicians: Iterable[Resource], resource_ids: Iterable[int]) -> Resource | None:
    """The clinician of an appointment or hold, if one takes part and is still there."""
    taking_part = set(resource_ids)
    return next((one for one in clinicians if one.id in taking_part), None)
