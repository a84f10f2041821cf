"""Wish for an earlier time than one's own appointment: what suits, and off the list again."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from sprechzeit.booking.manage import Managed, State, find_managed
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.vault import Secret
from sprechzeit.waiting.ask import ask_earlier, is_reachable, live_entry, withdraw_own
from sprechzeit.waiting.errors import NotForTheList
from sprechzeit.waiting.models import WaitingEntry
from sprechzeit.waiting.wishes import Wishes
from sprechzeit.web.front.asked import day_asked, manage_link_asked
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.manage import visit_context
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther

NOTICES = (2, 24, 72, 168)  # hours


@front_page("GET", "POST")
def earlier(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    managed = find_managed(PracticeId(practice.id), asked)
    manage_url = reverse("front:manage", args=[slug, secret])
    if request.method != "POST":
        if managed.state != State.CHANGEABLE:
            return SeeOther(manage_url)
        return _page(request, practice, managed, manage_url)
    try:
        return SeeOther(manage_url + _carry_out(request.POST, practice, managed, asked))
    except (Invalid, NotForTheList) as problem:
        return _page(request, practice, managed, manage_url, problem)


def _carry_out(sent: QueryDict, practice: Practice, managed: Managed, secret: Secret) -> str:
    """Tell what the appointment's page is to say then."""
    number = PracticeId(practice.id)
    if "weg" in sent:
        withdraw_own(number, secret)
        return "?nicht-warten=1"
    ask_earlier(number, secret, _wishes(sent, offering(practice, managed.visit_type)))
    return "?warten=1"


def _wishes(sent: QueryDict, clinicians: list[Resource]) -> Wishes:
    known = {str(one.id): one.id for one in clinicians}
    notice = sent.get("frist", "")
    return Wishes(
        clinicians=tuple(known[one] for one in sent.getlist("bei") if one in known),
        weekdays=tuple(int(one) for one in sent.getlist("tag") if one in {"1", "2", "3", "4", "5", "6", "7"}),
        since_time=_time(sent.get("von", ""), "von"),
        until_time=_time(sent.get("bis", ""), "bis"),
        earliest=day_asked(sent.get("ab", "")),
        notice_hours=int(notice) if notice in {str(one) for one in NOTICES} else NOTICES[0],
    )


def _time(text: str, field: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text[:8]).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        raise Invalid(_("Bitte geben Sie die Uhrzeit so ein: 14:30."), field=field) from None


def _page(
    request: HttpRequest, practice: Practice, managed: Managed, manage_url: str, problem: DomainError | None = None
) -> HttpResponse:
    number = PracticeId(practice.id)
    entry = live_entry(number, managed.id)
    errors = {problem.field: problem.message} if problem and problem.field else {}
    context = {
        **visit_context(practice, managed),
        "manage_url": manage_url,
        "entry": entry,
        "is_reachable": is_reachable(number, managed.id),
        "values": _values(request, entry),
        "weekdays": [(str(place + 1), name) for place, name in WEEKDAYS.items()],
        "clinicians": [(str(one.id), one.name) for one in offering(practice, managed.visit_type)],
        "notices": NOTICES,
        "errors": errors,
        "error_list": list(errors.items()),
        "problem": None if errors else problem,
    }
    return render(request, "front/earlier.html", context, status=problem.status if problem else 200)


def _values(request: HttpRequest, entry: WaitingEntry | None) -> dict[str, Any]:
    """What was sent just now, or else what the entry says, as the form's texts."""
    if request.method == "POST":
        sent = request.POST
        typed = {name: sent.get(name, "")[:10] for name in ("von", "bis", "ab", "frist")}
        return {**typed, "tag": sent.getlist("tag")[:7], "bei": sent.getlist("bei")[:50]}
    if entry is None:
        return {"tag": [], "bei": [], "frist": str(NOTICES[0])}
    return {
        "von": f"{entry.since_time:%H:%M}" if entry.since_time else "",
        "bis": f"{entry.until_time:%H:%M}" if entry.until_time else "",
        "ab": entry.earliest.isoformat() if entry.earliest else "",
        "frist": str(entry.notice_hours),
        "tag": [str(one) for one in entry.weekdays],
        "bei": [str(one) for one in entry.clinician_ids],
    }
