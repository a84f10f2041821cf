"""The link in every message for those whom it does not concern: one button, and nothing told."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.booking.not_for_me import not_for_me as say_so
from sprechzeit.vault import MalformedLinkSecret, link_from_text
from sprechzeit.web.front.problems import front_page


@front_page("GET", "POST")
def not_for_me(request: HttpRequest, practice: int, secret: str) -> HttpResponse:
    """The same answers for every address, right or wrong. A mail program may send the form by itself (RFC 8058).

    Whether the words are of an invitation, only the address says: nothing is looked up for it.
    """
    if request.method == "POST":
        with suppress(MalformedLinkSecret):
            say_so(practice, link_from_text(secret))
    context = {"is_done": request.method == "POST", "is_invitation": "einladung" in request.GET}
    return render(request, "front/not_for_me.html", context)
