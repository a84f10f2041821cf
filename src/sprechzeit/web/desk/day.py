"""The day view."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.day import day_of
from sprechzeit.booking.models import UndoStep
from sprechzeit.booking.undo import last_step
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.holidays import holiday_name
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.grid import lay_out, long_date
from sprechzeit.web.desk.moment import read_day
from sprechzeit.web.desk.waiting import waiting_room

Kind = Resource.Kind
UNDO_WORDS = {
    UndoStep.Kind.MOVE: _("Termin verschoben."),
    UndoStep.Kind.CANCEL: _("Termin abgesagt."),
    UndoStep.Kind.MARK: _("Stand geändert."),
}


@require_GET
@for_members(Permission.CALENDAR)
def day(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    today = clock.now().astimezone(practice.zone).date()
    chosen = read_day(request.GET.get("tag"), today)
    rooms_too = request.GET.get("spalten") == "alle"
    kinds = list(Kind) if rooms_too else [Kind.CLINICIAN]
    found = day_of(session.keys, session.actor, practice, chosen, kinds=kinds)
    return desk_page(
        request,
        "desk/day.html",
        {
            "day": chosen,
            "title": long_date(chosen),
            "today": today,
            "before": chosen - timedelta(days=1),
            "after": chosen + timedelta(days=1),
            "week_before": chosen - timedelta(days=7),
            "week_after": chosen + timedelta(days=7),
            "holiday": holiday_name(practice.subdivision, chosen, get_language() or "de"),
            "grid": lay_out(found, practice.zone),
            "cancelled": found.cancelled,
            "rooms_too": rooms_too,
            "undo": _undo_of(session),
            "waiting": waiting_room(found) if chosen == today else [],
        },
        practice=practice,
    )


def _undo_of(session: Session) -> dict[str, object] | None:
    """What the member can take back, in words."""
    step = last_step(session.practice, session.actor)
    return {"id": step.id, "text": UNDO_WORDS[UndoStep.Kind(step.kind)]} if step else None
