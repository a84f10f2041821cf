"""Who did not come, as figures over a chosen span: by visit type, by weekday, by how long before it was booked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.booking.no_shows import Figures, Lead, NoShows, no_shows
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_day

USUAL = timedelta(days=90)
WHOLE = 20.0  # percent that fill the bar, more where one is higher: most rates are small
LEADS: dict[Lead, Promise | str] = {
    Lead.DAY: gettext_lazy("am selben oder am Tag davor"),
    Lead.WEEK: gettext_lazy("bis eine Woche davor"),
    Lead.MONTH: gettext_lazy("bis vier Wochen davor"),
    Lead.LONGER: gettext_lazy("länger davor"),
}


@dataclass(frozen=True)
class Row:
    """One line of a table; ``bar`` is 0 to 100."""

    name: str
    figures: Figures
    tone: int
    bar: str


@require_GET
@for_members(Permission.CALENDAR)
def show_no_shows(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    today = clock.now().astimezone(practice.zone).date()
    last = read_day(request.GET.get("bis"), today)
    first = read_day(request.GET.get("von"), last - USUAL)
    is_wrong = last < first
    found = no_shows(practice, first, last) if not is_wrong else None
    context = {
        "first": first,
        "last": last,
        "is_wrong": is_wrong,
        "found": found,
        "tables": _tables(found) if found else [],
    }
    return desk_page(request, "desk/no_shows.html", context, practice=practice, status=422 if is_wrong else 200)


def _tables(found: NoShows) -> list[tuple[str, list[Row]]]:
    """Each with the heading of its first column; on one scale, so that bars can be compared."""
    types = [(one.name, figures, one.tone) for one, figures in found.by_type]
    weekdays = [(str(WEEKDAYS[day - 1]), figures, 0) for day, figures in found.by_weekday]
    leads = [(str(LEADS[lead]), figures, 0) for lead, figures in found.by_lead]
    every = [*types, *weekdays, *leads]
    whole = max([WHOLE, *(figures.rate for _name, figures, _tone in every)])
    return [
        (_("Terminart"), _rows(types, whole)),
        (_("Wochentag"), _rows(weekdays, whole)),
        (_("Gebucht"), _rows(leads, whole)),
    ]


def _rows(lines: Iterable[tuple[str, Figures, int]], whole: float) -> list[Row]:
    return [Row(name, figures, tone, f"{figures.rate * 100 / whole:.1f}") for name, figures, tone in lines]
