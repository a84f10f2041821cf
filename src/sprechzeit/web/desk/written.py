"""What a patient sent about an appointment: take new contact data over, or mark it as read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from sprechzeit.booking.settle_note import settle_note, take_over_contact
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import for_members


@require_POST
@for_members(Permission.INTAKE)
def settle(request: HttpRequest, session: Session, practice: Practice, note: UUID) -> HttpResponse:
    return _back(request, settle_note(session.practice, session.actor, note))


@require_POST
@for_members(Permission.INTAKE)
def take_over(request: HttpRequest, session: Session, practice: Practice, note: UUID) -> HttpResponse:
    return _back(request, take_over_contact(session.keys, session.actor, note))


def _back(request: HttpRequest, appointment: UUID) -> HttpResponse:
    """To the list that it was sent from, otherwise to the appointment."""
    if request.POST.get("zurueck") == "eingang":
        return redirect("desk:inbox")
    return redirect(reverse("desk:appointment", args=[appointment]))
