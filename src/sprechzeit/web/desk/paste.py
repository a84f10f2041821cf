"""Put what lies on the clipboard at a time: where a free cell was clicked, or chosen on a page."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sprechzeit import clock
from sprechzeit.booking.clipboard import clipboard_of, item_by_id
from sprechzeit.booking.errors import ItemGone, SlotTaken
from sprechzeit.booking.offer import by_day
from sprechzeit.booking.paste import paste
from sprechzeit.booking.suggest import suggest
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import ResourceId, VisitTypeId
from sprechzeit.practices.directory import clinicians_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.availability import Slot
from sprechzeit.web.desk.appointment import back_to_day, meanwhile, read_version
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_iso, read_moment, read_number
from sprechzeit.web.desk.move import squeezing


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def put_here(request: HttpRequest, session: Session, practice: Practice, item: UUID) -> HttpResponse:
    """Put it at a time. Asked by GET, or refused: a page with this time to confirm and others to choose from."""
    asked = request.POST if request.method == "POST" else request.GET
    resource = read_number(asked.get("bei"))
    row = item_by_id(session.practice, session.actor, item) if request.method == "GET" else None
    error: DomainError | None = None
    alternatives: tuple[Slot, ...] = ()
    if request.method == "POST":
        overbook = squeezing(request, session)
        try:
            start = _start(request, practice)
            made = paste(
                session.keys,
                session.actor,
                item,
                start,
                version=read_version(request),
                resource=ResourceId(resource) if resource else None,
                overbook=overbook,
                key=asked.get("key", ""),
            )
            return back_to_day(request, made, practice)
        except ItemGone:
            raise
        except SlotTaken as taken:
            error, alternatives = taken, taken.alternatives
        except DomainError as refused:
            error = refused
    row = row or item_by_id(session.practice, session.actor, item)
    type_id = VisitTypeId(row.appointment.visit_type_id)
    chosen = ResourceId(resource) if resource else None
    slots = suggest(session.practice, type_id, clock.now(), resource=chosen, ignoring=row.appointment_id)
    here = next((one for one in clipboard_of(session.keys, session.actor) if one.id == item), None)
    context = {
        "item": here,
        "appointment": row.appointment,
        "was": row.appointment.starts_at.astimezone(practice.zone),
        "error": error,
        "meanwhile": meanwhile(request, session, row.appointment_id, error),
        "can_squeeze": isinstance(error, SlotTaken) and not error.overbook,
        "start": _shown(asked.get("start"), practice),
        "start_text": asked.get("start", ""),
        "typed_day": asked.get("tag", ""),
        "typed_time": asked.get("uhrzeit", ""),
        "alternatives": by_day(list(alternatives), practice.zone),
        "days": by_day(slots, practice.zone),
        "clinicians": clinicians_of(session.practice, type_id),
        "chosen": resource,
        "key": secrets.token_urlsafe(16),
    }
    return desk_page(request, "desk/paste.html", context, practice=practice, status=error.status if error else 200)


def _start(request: HttpRequest, practice: Practice) -> datetime:
    form = request.POST
    if form.get("start"):
        return read_iso(form["start"])
    return read_moment(form.get("tag"), form.get("uhrzeit"), practice.zone)


def _shown(text: str | None, practice: Practice) -> datetime | None:
    try:
        return read_iso(text).astimezone(practice.zone)
    except Invalid:
        return None
