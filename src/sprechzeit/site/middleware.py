"""The outermost layers of every request: role, security headers, one log line, and errors that tell nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import activate, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.site.framing import SCRIPT

Answer = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("sprechzeit.requests")

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def answer_and_log(get_response: Answer) -> Answer:
    """One log line for each request: the route's name, never the path, which can hold a link's secret."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            route=match.view_name if match else "none",
            method=request.method if request.method in {"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE"} else "OTHER",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - begun) * 1000, 1),
        )
        return response

    return middleware


def security_headers(get_response: Answer) -> Answer:
    """Headers for every answer; pages are never stored by a cache unless a view says otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if getattr(response, "is_framed", False):  # by whom, CSP says (site/framing.py)
            del response.headers["X-Frame-Options"]
        if request.path_info == SCRIPT:
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.ENVIRONMENT.production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        return response

    return middleware


def role_of_the_door(get_response: Answer) -> Answer:
    """The desk's pages and its part of the API wear ``desk``; all else is ``front``, which reads no sealed column."""

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        at_desk = path.startswith(("/desk/", "/en/desk/", "/api/v1/desk/"))
        with wearing(Role.DESK if at_desk else Role.FRONT):
            return get_response(request)

    return middleware


def language_of_the_api(get_response: Answer) -> Answer:
    """The API answers in the language that ``Accept-Language`` asks for, in German when it asks for none of ours.

    It stands behind Django's LocaleMiddleware, which reads the language from a page's address alone, and which on
    the way out tells the language that is active then (``Content-Language``, ``Vary``).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            activate(_accepted_language(request.headers.get("Accept-Language", "")))
        return get_response(request)

    return middleware


def _accepted_language(header: str) -> str:
    for code, _quality in parse_accept_lang_header(header):
        try:
            found = get_supported_language_variant(code)
        except LookupError:
            continue
        if found in settings.WHOLE_LANGUAGES:
            return found
    return settings.LANGUAGE_CODE
