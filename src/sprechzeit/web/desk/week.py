"""The week of one or several clinicians, rooms or devices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.day import Day
from sprechzeit.booking.week import DAYS, week_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission, is_allowed
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.clipboard import clipboard_bar
from sprechzeit.web.desk.columns import Choice, read_choice
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.grid import lay_out_week
from sprechzeit.web.desk.head import Step, calendar_head
from sprechzeit.web.desk.moment import read_day
from sprechzeit.web.desk.undo_bar import undo_of

WEEK = timedelta(days=DAYS)
WORKDAYS = 5
MOST = 6  # resources side by side on each day


@require_GET
@for_members(Permission.CALENDAR)
def week(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    with acting_for(session.practice):  # all that is read for the page, in one transaction
        context = _context(request, session, practice)
    return desk_page(request, "desk/week.html", context, practice=practice)


def _context(request: HttpRequest, session: Session, practice: Practice) -> dict[str, Any]:
    today = clock.now().astimezone(practice.zone).date()
    chosen = read_day(request.GET.get("tag"), today)
    monday = chosen - timedelta(days=chosen.weekday())
    resources = resources_of(session.practice)
    if not resources:
        raise NotFound(_("Es gibt noch niemanden, dessen Woche sich zeigen ließe."))
    choice = read_choice(request.GET, "bei", resources, resources[:1], MOST)
    days = week_of(session.keys, session.actor, practice, monday, choice.resources)
    used = [day for day in days[WORKDAYS:] if _is_used(day)]
    shown = days[: used[-1].day.weekday() + 1 if used else WORKDAYS]
    head = calendar_head(
        request, session, shape="week", choice=choice, resources=resources, shown=chosen,
        chosen={monday + timedelta(days=one) for one in range(DAYS)}, today=today, steps=_steps(choice, monday),
    )  # fmt: skip  # lines grouped by hand
    return {
        "monday": monday,
        "last": shown[-1].day,
        "behind": monday + WEEK,
        "number": monday.isocalendar().week,
        "names": ", ".join(one.name for one in choice.resources),
        "several": len(choice.resources) > 1,
        "most": MOST if len(resources) > MOST else 0,
        "head": head,
        "grid": lay_out_week(shown, practice.zone, choice.zoom, may_book=is_allowed(session.role, Permission.BOOK)),
        "undo": undo_of(session),
        "clipboard": clipboard_bar(session, recorded={who for one in days for who in one.people}),
    }


def _steps(choice: Choice, monday: date) -> list[Step]:
    return [
        Step("‹", _("Vorherige Woche"), choice.query(monday - WEEK), "k"),
        Step("›", _("Nächste Woche"), choice.query(monday + WEEK), "j"),
    ]


def _is_used(day: Day) -> bool:
    return any(column.openings or column.entries or column.blocks for column in day.columns)
