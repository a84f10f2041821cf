"""An invitation to a check-up by its link: choose a time, or decline. A GET answers nothing: mail scanners open links.

Whoever has the link learns the practice and its free times, never who was invited.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.errors import NotBookable, SlotTaken
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import BOOKING_BY_ADDRESS, BOOKING_OF_SITE
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.recall.answer import book_recall, decline_recall, visit_type_invited_to
from sprechzeit.recall.errors import RecallNotFound
from sprechzeit.vault import MalformedLinkSecret, Secret, link_from_text
from sprechzeit.web.front.asked import clinician_asked, day_asked, part_asked, start_asked
from sprechzeit.web.front.choose import Choice, offering, times_page
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther

TEMPLATE = "front/recall.html"


@front_page("GET", "POST")
def recall(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    number = PracticeId(practice.id)
    try:
        asked = link_from_text(secret)
    except MalformedLinkSecret:
        raise RecallNotFound from None
    if request.method == "POST" and "ablehnen" in request.POST:
        decline_recall(number, asked)
        return render(request, "front/recall_declined.html", {"practice": practice})
    visit_type = visit_type_invited_to(number, asked)
    if visit_type is None:
        return SeeOther(reverse("front:manage", args=[slug, secret]))
    choice = _choice(practice, visit_type, secret, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return times_page(request, TEMPLATE, choice)
    return _book(request, choice, asked, secret)


def _book(request: HttpRequest, choice: Choice, asked: Secret, secret: str) -> HttpResponse:
    spend_here(BOOKING_BY_ADDRESS, BOOKING_OF_SITE)
    practice = choice.practice
    try:
        start = start_asked(request.POST.get("zeit", ""))
        book_recall(PracticeId(practice.id), asked, start, resource=choice.resource)
    except (NotBookable, SlotTaken) as problem:
        return times_page(request, TEMPLATE, choice, problem=problem)
    return SeeOther(reverse("front:manage", args=[practice.slug, secret]))


def _choice(practice: Practice, visit_type: VisitType, secret: str, sent: QueryDict) -> Choice:
    here = reverse("front:recall", args=[practice.slug, secret])
    return Choice(
        practice=practice,
        visit_type=visit_type,
        clinician=clinician_asked(offering(practice, visit_type), sent.get("bei", "")),
        since=day_asked(sent.get("ab", "")),
        part=part_asked(sent.get("tageszeit", "")),
        here=here,
        send_to=here,
    )
