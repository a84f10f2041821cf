"""Choose a time, and hold it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.booking.hold import hold
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import BOOKING_BY_ADDRESS, BOOKING_OF_SITE
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice, Resource, VisitType
from sprechzeit.vault import link_to_text
from sprechzeit.web.front.asked import clinician_asked, day_asked, key_asked, start_asked, visit_type_asked
from sprechzeit.web.front.choose import Choice, offering, times_page
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther

TEMPLATE = "front/times.html"


@front_page("GET")
def times(request: HttpRequest, slug: str, visit_type: int) -> HttpResponse:
    practice = practice_by_slug(slug)
    chosen = visit_type_asked(practice, str(visit_type))
    clinician = clinician_asked(offering(practice, chosen), request.GET.get("bei", ""))
    return times_page(request, TEMPLATE, _choice(practice, chosen, clinician, day_asked(request.GET.get("ab", ""))))


@front_page("GET", "POST")
def hold_time(request: HttpRequest, slug: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    if request.method != "POST":
        return SeeOther(reverse("front:practice", args=[slug]))
    chosen = visit_type_asked(practice, request.POST.get("art", ""))
    clinician = clinician_asked(offering(practice, chosen), request.POST.get("bei", ""))
    choice = _choice(practice, chosen, clinician, None)
    key = key_asked(request.POST.get("schluessel", ""), request.POST.get("zeit", "")[:40], choice.whom)
    spend_here(BOOKING_BY_ADDRESS, BOOKING_OF_SITE)
    try:
        start = start_asked(request.POST.get("zeit", ""))
        held = hold(PracticeId(practice.id), VisitTypeId(chosen.id), start, resource=choice.resource, key=key)
    except (NotBookable, SlotTaken) as problem:
        return times_page(request, TEMPLATE, choice, problem=problem)
    return SeeOther(reverse("front:details", args=[slug, link_to_text(held.secret)]))


def _choice(practice: Practice, chosen: VisitType, clinician: Resource | None, since: date | None) -> Choice:
    return Choice(
        practice=practice,
        visit_type=chosen,
        clinician=clinician,
        since=since,
        here=reverse("front:times", args=[practice.slug, chosen.id]),
        send_to=reverse("front:hold", args=[practice.slug]),
    )
