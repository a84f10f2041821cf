"""Take back the last change."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sprechzeit.booking.undo import undo
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import back_to_day
from sprechzeit.web.desk.door import for_members


@require_POST
@for_members(Permission.BOOK)
def take_back(request: HttpRequest, session: Session, practice: Practice, step: UUID) -> HttpResponse:
    return back_to_day(request, undo(session.practice, session.actor, step), practice)
