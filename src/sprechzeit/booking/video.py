"""When the link to a video visit is due: a quarter of an hour before it begins, until it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.practices.models import Modality, VisitType

BEFORE = timedelta(minutes=15)


@dataclass(frozen=True)
class Video:
    """``link`` is empty until it is due, and where the practice has not entered one."""

    link: str
    due_from: datetime
    has_link: bool


def video_at(visit_type: VisitType, starts_at: datetime, ends_at: datetime) -> Video | None:
    """None: not a visit by video, or over."""
    now = clock.now()
    if visit_type.modality != Modality.VIDEO or now >= ends_at:
        return None
    due_from = starts_at - BEFORE
    return Video(visit_type.video_link if now >= due_from else "", due_from, bool(visit_type.video_link))


def video_of(appointment: Appointment) -> Video | None:
    """Of an appointment that still stands."""
    closed = {Appointment.Status.CANCELLED, Appointment.Status.DONE, Appointment.Status.NO_SHOW}
    if appointment.status in closed:
        return None
    return video_at(appointment.visit_type, appointment.starts_at, appointment.ends_at)
