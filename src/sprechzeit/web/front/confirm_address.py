"""The link by which its owner confirms an address that was typed at a practice: one button, and nothing told."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.booking.address import confirm_address as confirm
from sprechzeit.vault import MalformedLinkSecret, link_from_text
from sprechzeit.web.front.problems import front_page


@front_page("GET", "POST")
def confirm_address(request: HttpRequest, practice: int, secret: str) -> HttpResponse:
    """The same answers for every address, right or wrong. Only the button confirms: mail filters open every link."""
    if request.method == "POST":
        with suppress(MalformedLinkSecret):
            confirm(practice, link_from_text(secret))
    return render(request, "front/confirm_address.html", {"is_done": request.method == "POST"})
