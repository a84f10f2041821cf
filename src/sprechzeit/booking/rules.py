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


def latest_start(visit_type: VisitType, now: datetime, *, with_code: bool = False) -> datetime:
    """No start at or after this moment is offered yet: the horizon, or nearer what is released or no longer reserved.

    ``with_code`` is for those whom times are reserved for.
    """
    ends = [now + timedelta(days=visit_type.horizon_days)]
    if visit_type.released_hours is not None:
        ends.append(now + timedelta(hours=visit_type.released_hours))
    if visit_type.reserved_hours is not None and not with_code:
        ends.append(now + timedelta(hours=visit_type.reserved_hours))
    return min(ends)


def require_offered(visit_type: VisitType, start: datetime, now: datetime, *, with_code: bool = False) -> None:
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
    if start >= latest_start(visit_type, now, with_code=True):
        raise NotBookable(_("So weit im Voraus werden noch keine Termine vergeben."))
    if start >= latest_start(visit_type, now, with_code=with_code):
        raise NotBookable(
            _("Diese Zeit ist noch reserviert. Mit einem Code der Praxis geht es schon jetzt."), field="code"
        )


def change_until(visit_type: VisitType, starts_at: datetime) -> datetime:
    """The last moment at which a patient may still move or cancel."""
    return starts_at - timedelta(minutes=visit_type.change_until_minutes)


def changeable(appointment: Appointment, visit_type: VisitType, now: datetime) -> bool:
    """Whether the patient may still move or cancel it."""
    return appointment.is_open and now <= change_until(visit_type, appointment.starts_at)
