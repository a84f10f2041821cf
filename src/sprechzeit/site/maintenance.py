"""Maintenance: every address answers 503 with one plain page in the visitor's language, without the database."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, get_supported_language_variant, override
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from sprechzeit.api.problems import problem
from sprechzeit.guard.maintenance import Maintenance, maintenance

STATE = "/api/v1/state"
RIGHT_TO_LEFT = frozenset({"ar"})


def maintenance_mode(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before everything that may ask the database. Styles and pictures are served further out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        closed = maintenance(settings.ENVIRONMENT.data_folder)
        if request.path_info == STATE:
            return _state(closed)
        if closed is None:
            return get_response(request)
        with override(language_of(request)):
            response = _answer(request, closed)
            response.headers["Content-Language"] = language_of(request)
        response.headers["Vary"] = "Accept-Language"
        response.headers["Retry-After"] = str(closed.retry_after)
        return response

    return middleware


def language_of(request: HttpRequest) -> str:
    """That of the address, else what the browser asks for, else German."""
    if found := get_language_from_path(request.path_info):
        return found
    spoken = settings.WHOLE_LANGUAGES if request.path_info.startswith("/api/") else dict(settings.LANGUAGES)
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            known = get_supported_language_variant(code)
        except LookupError:
            continue
        if known in spoken:
            return known
    return str(settings.LANGUAGE_CODE)


def _answer(request: HttpRequest, closed: Maintenance) -> HttpResponse:
    title = _("Wartung")
    if request.path_info.startswith("/api/"):
        return problem(503, "maintenance", title)
    if request.headers.get("HX-Request") or request.content_type == "application/json":
        text = _("Sprechzeit wird gerade gewartet. Bitte versuchen Sie es später noch einmal.")
        return JsonResponse({"code": "maintenance", "message": text}, status=503)
    until = closed.until.astimezone(ZoneInfo(settings.TIME_ZONE)) if closed.until else None
    language = language_of(request)
    context = {
        "until": until,
        "message": closed.message,
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
    }
    return HttpResponse(render_to_string("maintenance.html", context), status=503)


def _state(closed: Maintenance | None) -> HttpResponse:
    """For a load balancer or a monitor: whether visitors are let in, and nothing else."""
    if closed is None:
        return JsonResponse({"state": "open"})
    response = JsonResponse({"state": "maintenance"}, status=503)
    response.headers["Retry-After"] = str(closed.retry_after)
    return response
