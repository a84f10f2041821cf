"""What patients may ask for by their manage link, and how far the practice is with it."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.errors import TooLate
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.practices.models import Practice
from sprechzeit.rights.ask import ask_by_link, kind_asked
from sprechzeit.rights.delete_own import Deletion, deletion_of
from sprechzeit.rights.errors import TooManyRequests
from sprechzeit.rights.listing import own_requests
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.text import LONGEST, read_wish
from sprechzeit.vault import Secret
from sprechzeit.web.front.asked import key_asked, manage_link_asked
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther

FIELDS = {"kind", "text"}
AT_ONCE = {Deletion.POSSIBLE, Deletion.BY_REQUEST}  # there is a page that does it, or says what it cannot do


@front_page("GET", "POST")
def rights(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    if request.method != "POST":
        return _page(request, practice, secret, asked)
    try:
        kind = kind_asked(request.POST.get("kind", ""))
        if kind == RightsRequest.Kind.ERASURE and deletion_of(PracticeId(practice.id), asked)[1] in AT_ONCE:
            return SeeOther(reverse("front:delete-data", args=[slug, secret]))
        text = read_wish(request.POST.get("text", ""), needed=kind == RightsRequest.Kind.CORRECTION)
        # Another kind is something new.
        key = key_asked(request.POST.get("schluessel", ""), kind.value)
        ask_by_link(PracticeId(practice.id), asked, kind, text, key=key)
    except (Invalid, TooManyRequests, TooLate) as problem:
        return _page(request, practice, secret, asked, problem)
    return SeeOther(reverse("front:rights", args=[slug, secret]) + "?gestellt=1")


def _page(
    request: HttpRequest, practice: Practice, text: str, secret: Secret, problem: DomainError | None = None
) -> HttpResponse:
    number = PracticeId(practice.id)
    managed, deletion = deletion_of(number, secret)
    at_field = problem is not None and problem.field in FIELDS
    context = {
        "practice": practice,
        "manage_url": reverse("front:manage", args=[practice.slug, text]),
        "delete_url": reverse("front:delete-data", args=[practice.slug, text]),
        "may_delete": deletion in AT_ONCE,
        "may_ask": not managed.is_anonymous,
        "requests": own_requests(number, secret),
        "kinds": RightsRequest.Kind.choices,
        "kind": request.POST.get("kind", ""),
        "text": request.POST.get("text", "")[: LONGEST * 4],
        "longest": LONGEST,
        "authority": AUTHORITIES.get(practice.subdivision, ""),
        "is_new": "gestellt" in request.GET,
        "errors": {problem.field: problem.message} if problem and at_field else {},
        "error_list": [(problem.field, problem.message)] if problem and at_field else [],
        "problem": None if at_field else problem,
        "key": request.POST.get("schluessel", "")[:100] or secrets.token_urlsafe(16),
    }
    return render(request, "front/rights.html", context, status=problem.status if problem else 200)
