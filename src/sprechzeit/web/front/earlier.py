"""Wish for an earlier time than one's own appointment: what suits, and off the list again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.manage import Managed, State, find_managed
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.vault import Secret
from sprechzeit.waiting.ask import ask_earlier, is_reachable, live_entry, withdraw_own
from sprechzeit.waiting.errors import NotForTheList
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.manage import visit_context
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther
from sprechzeit.web.wishes_form import read_wishes, wishes_context


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
    ask_earlier(number, secret, read_wishes(sent, offering(practice, managed.visit_type)))
    return "?warten=1"


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
        **wishes_context(request, entry, offering(practice, managed.visit_type)),
        "errors": errors,
        "error_list": list(errors.items()),
        "problem": None if errors else problem,
    }
    return render(request, "front/earlier.html", context, status=problem.status if problem else 200)
