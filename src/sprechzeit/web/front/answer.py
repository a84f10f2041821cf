"""Write the practice a few words about the own appointment."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.errors import TooLate, TooManyNotes
from sprechzeit.booking.manage import Managed, find_managed
from sprechzeit.booking.patient_note import LONGEST, read_text
from sprechzeit.booking.write_to_practice import answer_practice, may_answer
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.web.front.asked import key_asked, manage_link_asked
from sprechzeit.web.front.manage import manage_page, visit_context
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther


@front_page("GET", "POST")
def answer(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    managed = find_managed(PracticeId(practice.id), asked)
    manage_url = reverse("front:manage", args=[slug, secret])
    if request.method != "POST":
        return _page(request, practice, managed, manage_url) if may_answer(managed) else SeeOther(manage_url)
    try:
        text = read_text(request.POST.get("text", ""))
        # Another text is something new. The form's random key keeps the stored hash from saying anything of it.
        key = key_asked(request.POST.get("schluessel", ""), text)
        answer_practice(PracticeId(practice.id), asked, text, key=key)
    except (Invalid, TooManyNotes) as problem:
        return _page(request, practice, managed, manage_url, problem)
    except TooLate as problem:
        return manage_page(request, practice, asked, managed, problem=problem)
    return SeeOther(manage_url + "?geschrieben=1")


def _page(
    request: HttpRequest,
    practice: Practice,
    managed: Managed,
    manage_url: str,
    problem: DomainError | None = None,
) -> HttpResponse:
    at_field = problem is not None and problem.field == "text"
    context = {
        **visit_context(practice, managed),
        "manage_url": manage_url,
        "text": request.POST.get("text", "")[: LONGEST * 4],
        "longest": LONGEST,
        "error": problem.message if problem and at_field else "",
        "error_list": [("text", problem.message)] if problem and at_field else [],
        "problem": None if at_field else problem,
        "key": request.POST.get("schluessel", "")[:100] or secrets.token_urlsafe(16),
    }
    return render(request, "front/answer.html", context, status=problem.status if problem else 200)
