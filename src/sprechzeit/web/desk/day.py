"""The day view."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.day import day_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.practices.directory import resources_of, visit_type_by_id
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission, is_allowed
from sprechzeit.staff.session import Session
from sprechzeit.timetable.holidays import holiday_name
from sprechzeit.web.desk.clipboard import clipboard_bar
from sprechzeit.web.desk.columns import Choice, clinicians, read_choice
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.grid import lay_out, long_date
from sprechzeit.web.desk.head import Step, calendar_head
from sprechzeit.web.desk.moment import read_day, read_number
from sprechzeit.web.desk.next_free import NOTHING, free_starts
from sprechzeit.web.desk.undo_bar import undo_of
from sprechzeit.web.desk.waiting import waiting_room


@require_GET
@for_members(Permission.CALENDAR)
def day(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    with acting_for(session.practice):  # all that is read for the page, in one transaction
        context = _context(request, session, practice)
    return desk_page(request, "desk/day.html", context, practice=practice)


def _context(request: HttpRequest, session: Session, practice: Practice) -> dict[str, Any]:
    today = clock.now().astimezone(practice.zone).date()
    chosen = read_day(request.GET.get("tag"), today)
    resources = resources_of(session.practice)
    choice = read_choice(request.GET, "spalten", resources, clinicians(resources))
    found = day_of(session.keys, session.actor, practice, chosen, resources=choice.resources)
    looking = _looking(request, session, practice, chosen, choice)
    may_book = is_allowed(session.role, Permission.BOOK)
    head = calendar_head(
        request, session, shape="day", choice=choice, resources=resources, shown=chosen,
        chosen={chosen}, today=today, steps=_steps(choice, chosen),
    )  # fmt: skip  # lines grouped by hand
    return {
        "day": chosen,
        "title": long_date(chosen),
        "after": chosen + timedelta(days=1),
        "holiday": holiday_name(practice.subdivision, chosen, get_language() or "de"),
        "head": head,
        "looking": looking,
        "grid": lay_out(
            found, practice.zone, choice.zoom, free=looking["starts"] if looking else None, may_book=may_book
        ),
        "cancelled": found.cancelled,
        "undo": undo_of(session),
        "clipboard": clipboard_bar(session, recorded=found.people),
        "waiting": waiting_room(session, practice, recorded=found.people) if chosen == today else None,
    }


def _steps(choice: Choice, day: date) -> list[Step]:
    return [
        Step("«", gettext("Eine Woche zurück"), choice.query(day - timedelta(days=7))),
        Step("‹", gettext("Vorheriger Tag"), choice.query(day - timedelta(days=1)), "k"),
        Step("›", gettext("Nächster Tag"), choice.query(day + timedelta(days=1)), "j"),
        Step("»", gettext("Eine Woche weiter"), choice.query(day + timedelta(days=7))),
    ]


def _looking(
    request: HttpRequest, session: Session, practice: Practice, day: date, choice: Choice
) -> dict[str, Any] | None:
    """What is looked for on this day, its free starts by resource, and where the next ones are."""
    number = read_number(request.GET.get("art"))
    if number is None:
        return None
    try:
        visit_type = visit_type_by_id(session.practice, number)
    except NotFound:
        return None
    who = read_number(request.GET.get("wer"))
    tomorrow = day + timedelta(days=1)
    starts = free_starts(practice, visit_type, (day, tomorrow), who)
    asked = {"art": str(visit_type.id), "wer": str(who or "")}
    shown = [starts[one.id].starts for one in choice.resources if one.id in starts]
    return {
        "name": visit_type.name,
        "starts": starts,
        "count": len({start for one in shown for start in one}),
        "elsewhere": bool(starts) and not shown,
        "nothing": request.GET.get("frei") == NOTHING,
        "next": reverse("desk:next-free") + choice.query(tomorrow, **asked),
        "end": choice.query(day),
    }
