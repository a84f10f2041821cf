"""When the demo's visits were booked and last changed: not all of them in the second in which they were made up."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from sprechzeit.booking.models import Appointment
from sprechzeit.demo.filling import Filling
from sprechzeit.identifiers import PracticeId

AHEAD = timedelta(days=9)
HOURS_AGO = (0.3, 0.9, 1.6, 2.4, 3.1, 11, 12.5, 14, 15.2)


def tell_when(filling: Filling, practice: PracticeId) -> None:
    """Past ones changed when they began, coming ones were booked days ago, online ones last evening and today."""
    rows = Appointment.objects.filter(practice=practice)
    rows.filter(starts_at__lt=filling.now).update(created_at=F("starts_at") - AHEAD, changed_at=F("starts_at"))
    rows.filter(starts_at__gte=filling.now).update(created_at=filling.now - AHEAD, changed_at=filling.now - AHEAD)
    unread = [one for one in filling.appointments if one.intake_id is not None]
    for one, hours in zip(unread, HOURS_AGO, strict=False):
        booked = filling.now - timedelta(hours=hours)
        rows.filter(id=one.id).update(created_at=booked, changed_at=booked)
