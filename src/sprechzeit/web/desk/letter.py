"""A letter about an appointment, to print and to send by post."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sprechzeit.booking.card import card_of
from sprechzeit.booking.errors import WrongStatus
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.letter_pdf import letter_pdf


@require_GET
@for_members(Permission.BOOK)
def print_letter(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    """Made in this session and stored nowhere; who prints it stands in the trail."""
    card = card_of(session.keys, session.actor, appointment, action="appointment.letter")
    if not card.appointment.is_open or card.person is None:
        raise WrongStatus
    response = HttpResponse(letter_pdf(practice, card), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="brief.pdf"'
    return response
