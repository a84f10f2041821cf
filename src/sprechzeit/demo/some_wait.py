"""A few who would like an earlier time. The demo knows no addresses of theirs, so they are called."""

from __future__ import annotations

from datetime import time, timedelta

from sprechzeit.booking.models import Appointment
from sprechzeit.demo.filling import Filling
from sprechzeit.identifiers import PracticeId
from sprechzeit.waiting.models import WaitingEntry

COUNT = 5
WISHES: tuple[dict[str, object], ...] = (
    {},
    {"weekdays": [1, 2, 3]},
    {"since_time": time(8), "until_time": time(12)},
    {"notice_hours": 24},
    {"weekdays": [4, 5], "since_time": time(13)},
)


def some_wait(filling: Filling, practice: PracticeId) -> None:
    """Of those with an online visit in more than a week, the first five, each since another day."""
    coming = [
        one
        for one in filling.appointments
        if one.status == Appointment.Status.BOOKED
        and one.visit_type.online
        and one.patient_id is not None
        and one.starts_at > filling.now + timedelta(days=8)
    ]
    coming.sort(key=lambda one: (one.starts_at, one.id))
    WaitingEntry.objects.bulk_create(
        WaitingEntry(
            practice_id=practice,
            visit_type=one.visit_type,
            appointment=one,
            source=WaitingEntry.Source.DESK,
            created_at=filling.now - timedelta(days=COUNT - place, hours=place),
            **wishes,
        )
        for place, (one, wishes) in enumerate(zip(coming, WISHES, strict=False))
    )
