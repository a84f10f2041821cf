"""The month: how full each day is. No names are opened."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.month import Load, closures_between, load_between
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.holidays import holiday_name
from sprechzeit.web.desk.clipboard import clipboard_bar
from sprechzeit.web.desk.columns import Choice, clinicians, read_choice
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.grid import long_date
from sprechzeit.web.desk.head import Step, calendar_head
from sprechzeit.web.desk.moment import read_day

WEEKS = Calendar(firstweekday=0)
STEPS = 20  # of the bar: five percent each (desk-month.css)


@require_GET
@for_members(Permission.CALENDAR)
def month(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    today = clock.now().astimezone(practice.zone).date()
    chosen = read_day(request.GET.get("tag"), today)
    first = chosen.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    resources = resources_of(session.practice)
    choice = read_choice(request.GET, "bei", resources, clinicians(resources))
    weeks = WEEKS.monthdatescalendar(first.year, first.month)
    closures = closures_between(practice, first, last)
    loads = {one.day: one for one in load_between(practice, first, last, choice.ids)}
    shown = [
        {
            "number": week[0].isocalendar().week,
            "href": Choice("bei", (), choice.asked, choice.zoom).query(week[0]),
            "days": [_day(loads.get(day), day, today, practice, closures, choice) for day in week],
        }
        for week in weeks
    ]
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    steps = [
        Step("‹", _("Voriger Monat"), choice.query(before.replace(day=1)), "k"),
        Step("›", _("Nächster Monat"), choice.query(after), "j"),
    ]
    head = calendar_head(
        request, session, shape="month", choice=choice, resources=resources, shown=chosen,
        chosen={chosen}, today=today, steps=steps,
    )  # fmt: skip  # lines grouped by hand
    title = date_format(first, pgettext("date format", "F Y"))
    names = [date_format(day, "l") for day in weeks[0]]
    context = {
        "head": head,
        "title": title,
        "weeks": shown,
        "names": names,
        "total": _total(list(loads.values())),
        "clipboard": clipboard_bar(session),
    }
    return desk_page(request, "desk/month.html", context, practice=practice)


def _day(
    load: Load | None, day: date, today: date, practice: Practice, closures: dict[date, str], choice: Choice
) -> dict[str, object] | None:
    """What stands in a day's field; None at the month's edges."""
    if load is None:
        return None
    same = Choice("spalten", (), choice.asked, choice.zoom)
    return {
        "load": load,
        "name": long_date(day),
        "href": same.query(day),
        "bar": -(-load.percent * STEPS // 100),
        "free": _hours(load.free),
        "is_today": day == today,
        "is_past": day < today,
        "holiday": holiday_name(practice.subdivision, day, get_language() or "de"),
        "closure": (closures[day] or _("geschlossen")) if day in closures else "",
    }


def _hours(minutes: int) -> str:
    """Hours to the half, rounded down, as people say them."""
    hours, half = minutes // 60, minutes % 60 >= 30
    return f"{hours or ''}½" if half else str(hours)


def _total(loads: list[Load]) -> dict[str, object]:
    """The month in one line."""
    opened, booked = sum(one.opened for one in loads), sum(one.booked for one in loads)
    whole = Load(loads[0].day, opened, booked, sum(one.free for one in loads), sum(one.appointments for one in loads))
    return {"load": whole, "free": _hours(whole.free)}
