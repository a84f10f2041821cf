"""Delete what was typed for this appointment: a page that says what goes and what the practice decides, and after."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit.booking.errors import ChangedMeanwhile, TooLate
from sprechzeit.booking.manage import State
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.rights.delete_own import Deletion, delete_own, deletion_of
from sprechzeit.web.front.asked import key_asked, manage_link_asked
from sprechzeit.web.front.manage import manage_page, visit_context
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther


@front_page("GET", "POST")
def delete_data(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    number = PracticeId(practice.id)
    managed, stands = deletion_of(number, asked)
    here = reverse("front:delete-data", args=[slug, secret])
    manage_url = reverse("front:manage", args=[slug, secret])
    if request.method == "POST":
        try:
            delete_own(number, asked, key=key_asked(request.POST.get("schluessel", "")))
        except (TooLate, ChangedMeanwhile) as problem:
            return manage_page(request, practice, asked, managed, problem=problem)
        return SeeOther(here)
    if stands == Deletion.NOT_HERE:
        return SeeOther(manage_url)
    if stands == Deletion.ASKED and managed.state == State.OVER:
        return SeeOther(reverse("front:rights", args=[slug, secret]))
    context = {
        **visit_context(practice, managed),
        "stands": stands.value,
        "is_cancelled_too": managed.state == State.CHANGEABLE,
        "is_cancelled": managed.state in {State.CANCELLED, State.GONE},
        "manage_url": manage_url,
        "rights_url": reverse("front:rights", args=[slug, secret]),
        "key": secrets.token_urlsafe(16),
    }
    return render(request, "front/delete_data.html", context)
