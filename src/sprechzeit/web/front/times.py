"""Choose a time, and hold it."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.booking.hold import hold
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import BOOKING_BY_ADDRESS, BOOKING_OF_SITE
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.practices.directory import practice_by_slug, questions_before
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import link_to_text
from sprechzeit.waiting.join import can_be_waited_for
from sprechzeit.web.front.asked import clinician_asked, day_asked, key_asked, part_asked, start_asked, visit_type_asked
from sprechzeit.web.front.choose import Choice, offering, times_page
from sprechzeit.web.front.nearby import visit_said
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.said import as_query, claims_said, is_let_in
from sprechzeit.web.front.see_other import SeeOther

TEMPLATE = "front/times.html"


@front_page("GET")
def times(request: HttpRequest, slug: str, visit_type: int) -> HttpResponse:
    practice = practice_by_slug(slug)
    chosen = visit_type_asked(practice, str(visit_type))
    choice = _choice(practice, chosen, request.GET, since=day_asked(request.GET.get("ab", "")))
    if _is_asked_first(choice):
        before = reverse("front:before", args=[slug, visit_type])
        return SeeOther(f"{before}?{choice.visit.query}" if choice.visit else before)
    return times_page(request, TEMPLATE, choice, **_waiting(choice))


@front_page("GET", "POST")
def hold_time(request: HttpRequest, slug: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    if request.method != "POST":
        return SeeOther(reverse("front:practice", args=[slug]))
    chosen = visit_type_asked(practice, request.POST.get("art", ""))
    choice = _choice(practice, chosen, request.POST)
    key = key_asked(request.POST.get("schluessel", ""), request.POST.get("zeit", "")[:40], choice.whom)
    spend_here(BOOKING_BY_ADDRESS, BOOKING_OF_SITE)
    try:
        start = start_asked(request.POST.get("zeit", ""))
        number, type_id = PracticeId(practice.id), VisitTypeId(chosen.id)
        held = hold(number, type_id, start, resource=choice.resource, claims=choice.claims, key=key)
    except (NotBookable, SlotTaken) as problem:
        return times_page(request, TEMPLATE, choice, problem=problem)
    details = reverse("front:details", args=[slug, link_to_text(held.secret)])
    said = {**as_query(choice.claims), **(choice.visit.said if choice.visit else {})}
    return SeeOther(f"{details}?{urlencode(said)}" if said else details)


def _is_asked_first(choice: Choice) -> bool:
    """Whether whoever comes here has to answer something before."""
    if not is_let_in(choice.practice, choice.visit_type, choice.claims):
        return True
    return not choice.answered and bool(questions_before(PracticeId(choice.practice.id), choice.visit_type.id))


def _waiting(choice: Choice) -> dict[str, Any]:
    """Where somebody for whom nothing is free, or nothing soon, gets on the waiting list."""
    if not can_be_waited_for(choice.visit_type):
        return {}
    said = {**({"bei": choice.whom} if choice.clinician else {}), **as_query(choice.claims)}
    here = reverse("front:wait-ask", args=[choice.practice.slug, choice.visit_type.id])
    return {"wait_url": f"{here}?{urlencode(said)}" if said else here}


def _choice(practice: Practice, chosen: VisitType, sent: QueryDict, *, since: date | None = None) -> Choice:
    return Choice(
        practice=practice,
        visit_type=chosen,
        clinician=clinician_asked(offering(practice, chosen), sent.get("bei", "")),
        since=since,
        here=reverse("front:times", args=[practice.slug, chosen.id]),
        send_to=reverse("front:hold", args=[practice.slug]),
        claims=claims_said(sent),
        answered="vorab" in sent,
        part=part_asked(sent.get("tageszeit", "")),
        visit=visit_said(sent),
    )
