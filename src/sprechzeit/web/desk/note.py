"""The comment on an appointment, written on its card."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.note import write_note
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.errors import DomainError
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import appointment_page, back_to_day
from sprechzeit.web.desk.door import for_members


@require_POST
@for_members(Permission.BOOK)
def write(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    """Refused, the card shows both: what was typed, and what somebody else wrote meanwhile."""
    text = request.POST.get("bemerkung", "")
    try:
        write_note(session.keys, session.actor, appointment, text, seen=request.POST.get("gesehen", ""))
    except AppointmentNotFound:
        raise
    except DomainError as error:
        return appointment_page(request, session, practice, appointment, error, typed_note=text)
    return back_to_day(request, appointment_by_id(session.practice, appointment), practice)
