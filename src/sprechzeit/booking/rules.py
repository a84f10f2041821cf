"""When a patient may book, move and cancel. The desk is not bound by these."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.models import Appointment
from sprechzeit.practices.models import VisitType


def earliest_start(visit_type: VisitType, now: datetime) -> datetime:
    """The first moment that may still be booked online: the lead time from now."""
    return now + timedelta(minutes=visit_type.lead_minutes)


def latest_start(visit_type: VisitType, now: datetime) -> datetime:
    """The horizon: no start at or after this moment is offered yet."""
    return now + timedelta(days=visit_type.horizon_days)


def require_offered(visit_type: VisitType, start: datetime, now: datetime) -> None:
    """Refuse what the practice does not offer online.

    Raises
    ------
    NotBookable
        With the reason in words.
    """
    if not visit_type.online or visit_type.retired_at is not None:
        raise NotBookable(_("Diese Terminart kann nicht online gebucht werden."), field="visit_type")
    if start < now:
        raise NotBookable(_("Diese Zeit liegt in der Vergangenheit."))
    if start < earliest_start(visit_type, now):
        raise NotBookable(_("So kurzfristig geht es nur am Telefon. Bitte rufen Sie die Praxis an."))
    if start >= latest_start(visit_type, now):
        raise NotBookable(_("So weit im Voraus werden noch keine Termine vergeben."))


def change_until(visit_type: VisitType, starts_at: datetime) -> datetime:
    """The last moment at which a patient may still move or cancel."""
    return starts_at - timedelta(minutes=visit_type.change_until_minutes)


def changeable(appointment: Appointment, visit_type: VisitType, now: datetime) -> bool:
    """Whether the patient may still move or cancel it."""
    return appointment.is_open and now <= change_until(visit_type, appointment.starts_at)
