"""Ask the owner of an address that was typed here whether it is theirs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sprechzeit.booking.address import ask_for_address as ask
from sprechzeit.booking.errors import AddressNotAsked
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import appointment_page
from sprechzeit.web.desk.door import for_members


@require_POST
@for_members(Permission.BOOK)
def ask_for_address(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    try:
        ask(session.keys, session.actor, appointment)
    except AddressNotAsked as error:
        return appointment_page(request, session, practice, appointment, error)
    return appointment_page(request, session, practice, appointment)
