"""Lengthen or shorten an appointment: by its handle on the grid, by keys, or with the number on its card."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sprechzeit.booking.errors import AppointmentNotFound, SlotTaken
from sprechzeit.booking.resize import resize_appointment
from sprechzeit.errors import DomainError
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import appointment_page, back_to_day, read_version
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.move import squeezing


@require_POST
@for_members(Permission.BOOK)
def resize(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    """Refused, the card says why and keeps the number."""
    minutes = read_number(request.POST.get("minutes")) or 0
    overbook = squeezing(request, session)
    try:
        changed = resize_appointment(
            session.practice,
            session.actor,
            appointment,
            minutes,
            version=read_version(request),
            overbook=overbook,
            key=request.POST.get("key", ""),
        )
    except AppointmentNotFound:
        raise
    except DomainError as error:
        can_squeeze = isinstance(error, SlotTaken) and not error.overbook
        return appointment_page(
            request, session, practice, appointment, error, typed_minutes=minutes, can_squeeze=can_squeeze
        )
    return back_to_day(request, changed, practice)
