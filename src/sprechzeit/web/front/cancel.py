"""Cancel one's own appointment: a page that asks, and the answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.errors import ChangedMeanwhile, TooLate
from sprechzeit.booking.manage import TAKE_BACK, State, find_managed
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.manage import manage_page, visit_context
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther


@front_page("GET", "POST")
def cancel(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    managed = find_managed(PracticeId(practice.id), asked)
    manage_url = reverse("front:manage", args=[slug, secret])
    if request.method != "POST":
        if managed.state != State.CHANGEABLE:
            return SeeOther(manage_url)
        context = {
            **visit_context(practice, managed),
            "manage_url": manage_url,
            "take_back_minutes": int(TAKE_BACK.total_seconds() // 60),
        }
        return render(request, "front/cancel.html", context)
    try:
        cancel_managed(PracticeId(practice.id), asked)
    except (TooLate, ChangedMeanwhile) as problem:
        return manage_page(request, practice, asked, managed, problem=problem)
    return SeeOther(manage_url)
