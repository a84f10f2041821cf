"""Open consultation hours: how many wait, a number for today, and how it stands with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sprechzeit.audit.record import VISITOR
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.open_consultation import consultation_of, draw, drawn, give_back
from sprechzeit.errors import NotFound
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import NUMBER_BY_ADDRESS
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug, walk_in_types
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import link_to_text, new_link_secret
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther


@front_page("GET", "POST")
def open_consultation(request: HttpRequest, slug: str, visit_type: int) -> HttpResponse:
    practice = practice_by_slug(slug)
    chosen = _walk_in(practice, visit_type)
    problem = ""
    if request.method == "POST":
        secret = manage_link_asked(request.POST.get("schluessel", ""))
        spend_here(NUMBER_BY_ADDRESS)
        try:
            draw(practice, chosen, secret, actor=VISITOR)
            return SeeOther(reverse("front:number", args=[slug, link_to_text(secret)]))
        except NotBookable as refused:
            problem = refused.message
    context = {
        "practice": practice,
        "visit_type": chosen,
        "stands": consultation_of(practice, chosen),
        "key": link_to_text(new_link_secret()),
        "problem": problem,
    }
    return render(request, "front/open_consultation.html", context, status=422 if problem else 200)


@front_page("GET", "POST")
def number(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    if request.method == "POST":
        give_back(practice, asked)
        return SeeOther(reverse("front:number", args=[slug, secret]))
    context = {"practice": practice, "drawn": drawn(practice, asked), "here": request.path}
    return render(request, "front/number.html", context)


def _walk_in(practice: Practice, visit_type: int) -> VisitType:
    for one in walk_in_types(PracticeId(practice.id)):
        if one.id == visit_type:
            return one
    raise NotFound(_("Diese offene Sprechstunde gibt es hier nicht."))
