"""The host's own imprint and privacy notice, for the pages that belong to no practice: start and search."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.web.front.problems import front_page


@front_page("GET")
def host_imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "front/host_imprint.html", _host())


@front_page("GET")
def host_privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "front/host_privacy.html", _host())


def _host() -> dict[str, object]:
    """As SPRECHZEIT_HOST_NAME, _ADDRESS, _CONTACT and _IMPRINT say; nothing is made up for what is missing."""
    return {
        "host": settings.HOST_NAME,
        "address": settings.HOST_ADDRESS,
        "contact": settings.HOST_CONTACT,
        "more": settings.HOST_IMPRINT,
        "is_whole": bool(settings.HOST_NAME and settings.HOST_ADDRESS and settings.HOST_CONTACT),
        "is_demo": settings.DEMO,
    }
