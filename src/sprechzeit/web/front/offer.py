"""An offer of the waiting list: see it, accept it, decline it. A GET answers nothing: mail scanners open links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.offer import alternatives
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.vault import MalformedLinkSecret, link_from_text
from sprechzeit.waiting.answer import Offered, accept, decline, find_offer
from sprechzeit.waiting.errors import OfferNotFound, OfferOver
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther
from sprechzeit.web.front.shown import clinician_among


@front_page("GET", "POST")
def offer(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    number = PracticeId(practice.id)
    try:
        asked = link_from_text(secret)
    except MalformedLinkSecret:
        raise OfferNotFound from None
    if request.method != "POST":
        return _page(request, practice, find_offer(number, asked))
    try:
        if "annehmen" in request.POST:
            accept(number, asked)
        elif "ablehnen" in request.POST:
            decline(number, asked)
    except OfferOver as over:
        return _page(request, practice, find_offer(number, asked), status=over.status)
    return SeeOther(reverse("front:offer", args=[slug, secret]))


def _page(request: HttpRequest, practice: Practice, found: Offered, *, status: int = 200) -> HttpResponse:
    is_gone = not found.is_open and found.state not in {"accepted", "declined"}
    context = {
        "practice": practice,
        "offer": found,
        "visit_type": found.visit_type,
        "clinician": clinician_among(offering(practice, found.visit_type), found.resource_ids),
        "is_gone": is_gone,
        "alternatives": alternatives(practice, found.visit_type, found.starts_at) if is_gone else (),
    }
    return render(request, "front/offer.html", context, status=status)
