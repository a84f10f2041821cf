"""The week of one clinician, room or device."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.week import DAYS, week_of
from sprechzeit.errors import NotFound
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.grid import lay_out_week
from sprechzeit.web.desk.moment import read_day, read_number

WEEK = timedelta(days=DAYS)
WORKDAYS = 5


@require_GET
@for_members(Permission.CALENDAR)
def week(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    today = clock.now().astimezone(practice.zone).date()
    chosen = read_day(request.GET.get("tag"), today)
    monday = chosen - timedelta(days=chosen.weekday())
    resources = resources_of(session.practice)
    if not resources:
        raise NotFound(_("Es gibt noch niemanden, dessen Woche sich zeigen ließe."))
    asked = read_number(request.GET.get("bei"))
    resource = next((one for one in resources if one.id == asked), resources[0])
    days = week_of(session.keys, session.actor, practice, monday, resource)
    used = [day for day in days[WORKDAYS:] if day.columns[0].openings or day.columns[0].entries]
    shown = days[: used[-1].day.weekday() + 1 if used else WORKDAYS]
    return desk_page(
        request,
        "desk/week.html",
        {
            "monday": monday,
            "last": shown[-1].day,
            "behind": monday + WEEK,
            "number": monday.isocalendar().week,
            "before": monday - WEEK,
            "resource": resource,
            "resources": resources,
            "grid": lay_out_week(shown, practice.zone),
        },
        practice=practice,
    )
