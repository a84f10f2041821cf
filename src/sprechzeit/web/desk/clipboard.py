"""The clipboard's bar: cut or copy an appointment, take it off again. Putting it somewhere is in paste.py."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from sprechzeit import clock
from sprechzeit.booking.clipboard import Item, clipboard_of, drop_from_clipboard, put_on_clipboard
from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.errors import DomainError
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission, is_allowed
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import appointment_page, back_to_day
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.moment import read_day


def clipboard_bar(session: Session, *, recorded: Collection[UUID] = ()) -> list[Item]:
    """What the bar of a calendar page lists; whoever may not book has no clipboard."""
    if not is_allowed(session.role, Permission.BOOK):
        return []
    return clipboard_of(session.keys, session.actor, recorded=recorded)


@require_POST
@for_members(Permission.BOOK)
def put(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    try:
        put_on_clipboard(session.practice, session.actor, appointment, request.POST.get("art", ""))
    except AppointmentNotFound:
        raise
    except DomainError as error:
        return appointment_page(request, session, practice, appointment, error)
    return back_to_day(request, appointment_by_id(session.practice, appointment), practice)


@require_POST
@for_members(Permission.BOOK)
def drop(request: HttpRequest, session: Session, practice: Practice, item: UUID) -> HttpResponse:
    drop_from_clipboard(session.practice, session.actor, item)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "desk:refresh"})
    today = clock.now().astimezone(practice.zone).date()
    return redirect(f"{reverse('desk:day')}?tag={read_day(request.POST.get('tag'), today).isoformat()}")
