"""Find out where a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sprechzeit.origin import Origin, coming_from

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def address_of(request: HttpRequest) -> str:
    """The client's address. In production the reverse proxy's last entry of ``X-Forwarded-For`` counts: what stands
    before it was said by the client."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.ENVIRONMENT.production:
        given = request.headers.get("X-Forwarded-For", given).rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return ""


def device_of(request: HttpRequest) -> str:
    """Browser and system, no versions: enough to recognise one's own sessions."""
    agent = request.headers.get("User-Agent", "")[:400]
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in found if name)


def origin_of_request(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: all work of the request comes from its client."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with coming_from(Origin(address_of(request), device_of(request))):
            return get_response(request)

    return middleware
