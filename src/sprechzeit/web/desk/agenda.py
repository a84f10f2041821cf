"""The list: appointments of one or more days, one after the other; it prints on A4."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.agenda import MOST_DAYS, agenda_of
from sprechzeit.booking.day import Entry
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.holidays import holiday_name
from sprechzeit.web.desk.appointment import STATUS_NAMES, S
from sprechzeit.web.desk.clipboard import clipboard_bar
from sprechzeit.web.desk.columns import read_choice
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.grid import long_date
from sprechzeit.web.desk.head import Step, calendar_head
from sprechzeit.web.desk.marks import icons, pills
from sprechzeit.web.desk.moment import read_day, read_number

MINUTE = timedelta(minutes=1)
LENGTHS = (1, 2, 5, 7, MOST_DAYS)


@require_GET
@for_members(Permission.CALENDAR)
def agenda(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    today = clock.now().astimezone(practice.zone).date()
    first = read_day(request.GET.get("tag"), today)
    count = min(max(read_number(request.GET.get("tage")) or 1, 1), MOST_DAYS)
    resources = resources_of(session.practice)
    choice = read_choice(request.GET, "bei", resources, resources)
    asked = choice.resources if choice.asked else None
    days = agenda_of(session.keys, session.actor, practice, first, count, resources=asked)
    length = {"tage": str(count)} if count > 1 else {}
    back, on = (_("Vorherige Tage"), _("Nächste Tage")) if count > 1 else (_("Vorheriger Tag"), _("Nächster Tag"))
    steps = [
        Step("‹", back, choice.query(first - timedelta(days=count), **length), "k"),
        Step("›", on, choice.query(first + timedelta(days=count), **length), "j"),
    ]
    covered = {first + timedelta(days=one) for one in range(count)}
    head = calendar_head(
        request, session, shape="agenda", choice=choice, resources=resources, shown=first,
        chosen=covered, today=today, steps=steps,
    )  # fmt: skip  # lines grouped by hand
    names = {one.id: one.short_name or one.name for one in resources}
    context = {
        "head": head,
        "title": _title(first, count),
        "clipboard": clipboard_bar(session),
        "count": count,
        "lengths": [
            {
                "count": one,
                "href": choice.query(first, tage=str(one)),
                "words": ngettext("%d Tag", "%d Tage", one) % one,
                "current": one == count,
            }
            for one in LENGTHS
        ],
        "days": [
            {
                "day": one.day,
                "name": long_date(one.day),
                "holiday": holiday_name(practice.subdivision, one.day, get_language() or "de"),
                "rows": [_row(entry, names, practice.zone) for entry in one.entries],
            }
            for one in days
        ],
        "until": first + timedelta(days=count),
        "who": ", ".join(one.name for one in choice.resources) if choice.asked else "",
    }
    return desk_page(request, "desk/agenda.html", context, practice=practice)


def _title(first: date, count: int) -> str:
    if count == 1:
        return long_date(first)
    return _("%(first)s bis %(last)s") % {
        "first": date_format(first, pgettext("date format", "D, j. F")),
        "last": date_format(first + timedelta(days=count - 1), pgettext("date format", "D, j. F")),
    }


def _row(entry: Entry, names: Mapping[int, str], zone: ZoneInfo) -> dict[str, object]:
    """One line of the list."""
    appointment = entry.appointment
    return {
        "id": appointment.id,
        "tone": appointment.visit_type.tone,
        "start": f"{appointment.starts_at.astimezone(zone):%H:%M}",
        "minutes": (appointment.ends_at - appointment.starts_at) // MINUTE,
        "name": entry.who.name,
        "year": entry.who.birth_year,
        "type": appointment.visit_type.name,
        "whom": ", ".join(names[one] for one in appointment.resource_ids if one in names),
        "status": STATUS_NAMES[S(appointment.status)],
        "marks": pills(entry),
        "icons": [one for one in icons(entry) if one.look != "note"],
        "note": entry.marks.note,
    }
