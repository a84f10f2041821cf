"""The part of a form that says what suits: weekdays, hours, with whom, from when, until when, how shortly before."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Resource
from sprechzeit.waiting.models import WaitingEntry
from sprechzeit.waiting.wishes import Wishes

NOTICES = (2, 24, 72, 168)  # hours
FARTHEST = timedelta(days=3 * 366)


def read_wishes(sent: QueryDict, clinicians: list[Resource]) -> Wishes:
    """What was sent; what is none of the choices was not wished.

    Raises
    ------
    Invalid
        A time or a day is none, told at its field.
    """
    known = {str(one.id): one.id for one in clinicians}
    notice = sent.get("frist", "")
    return Wishes(
        clinicians=tuple(known[one] for one in sent.getlist("bei") if one in known),
        weekdays=tuple(int(one) for one in sent.getlist("tag") if one in {"1", "2", "3", "4", "5", "6", "7"}),
        since_time=_time(sent.get("von", ""), "von"),
        until_time=_time(sent.get("bis", ""), "bis"),
        earliest=_day(sent.get("ab", ""), "ab"),
        latest=_day(sent.get("letzter", ""), "letzter"),
        notice_hours=int(notice) if notice in {str(one) for one in NOTICES} else NOTICES[0],
    )


def wishes_context(request: HttpRequest, entry: WaitingEntry | None, clinicians: list[Resource]) -> dict[str, Any]:
    """What ``front/wishes.html`` shows: what was sent just now, or else what the entry says."""
    return {
        "wished": _values(request, entry),
        "weekdays": [(str(place + 1), name) for place, name in WEEKDAYS.items()],
        "clinicians": [(str(one.id), one.name) for one in clinicians],
        "notices": NOTICES,
    }


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Diesen Tag gibt es nicht."), field=field) from None
    if abs(day - clock.now().date()) > FARTHEST:
        raise Invalid(_("Für diesen Tag gibt es noch keine Termine."), field=field)
    return day


def _time(text: str, field: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text[:8]).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        raise Invalid(_("Bitte geben Sie die Uhrzeit so ein: 14:30."), field=field) from None


def _values(request: HttpRequest, entry: WaitingEntry | None) -> dict[str, Any]:
    """As the form's texts."""
    if request.method == "POST":
        sent = request.POST
        typed = {name: sent.get(name, "")[:10] for name in ("von", "bis", "ab", "letzter", "frist")}
        return {**typed, "tag": sent.getlist("tag")[:7], "bei": sent.getlist("bei")[:50]}
    if entry is None:
        return {"tag": [], "bei": request.GET.getlist("bei")[:50], "frist": str(NOTICES[0])}
    return {
        "von": f"{entry.since_time:%H:%M}" if entry.since_time else "",
        "bis": f"{entry.until_time:%H:%M}" if entry.until_time else "",
        "ab": entry.earliest.isoformat() if entry.earliest else "",
        "letzter": entry.latest.isoformat() if entry.latest else "",
        "frist": str(entry.notice_hours),
        "tag": [str(one) for one in entry.weekdays],
        "bei": [str(one) for one in entry.clinician_ids],
    }
