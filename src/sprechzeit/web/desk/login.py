"""Log in and out: by passkey, and by the demo's button while the demo runs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import DomainError, Invalid
from sprechzeit.staff.demo import log_in_demo
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.login import log_in
from sprechzeit.staff.passkey import RelyingParty, login_options
from sprechzeit.staff.session import end
from sprechzeit.web.desk.door import clear_cookie, cookie_name, set_cookie


def relying_party() -> RelyingParty:
    """Passkeys belong to the public address of this installation."""
    return RelyingParty(id=urlsplit(settings.PUBLIC_URL).hostname or "localhost", origin=settings.PUBLIC_URL)


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object.

    Raises
    ------
    Invalid
        It is none.
    """
    try:
        body = json.loads(request.body)
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise Invalid(_("Die Anfrage war unvollständig.")) from None
    if not isinstance(body, dict):
        raise Invalid(_("Die Anfrage war unvollständig."))
    return body


def json_problem(error: DomainError) -> JsonResponse:
    """The error for a script that shows it."""
    return JsonResponse({"code": error.code, "message": error.message}, status=error.status)


def next_page(request: HttpRequest) -> str:
    """Where to go after log-in: a page of the desk, never another host."""
    wanted = request.GET.get("weiter", "")
    desk = reverse("desk:day")
    return wanted if wanted.startswith(desk) and "\\" not in wanted and wanted.isprintable() else desk


@require_GET
@ensure_csrf_cookie
def login(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/login.html", {"next": next_page(request), "demo": settings.DEMO})


@require_POST
def login_begin(request: HttpRequest) -> HttpResponse:
    return JsonResponse(login_options(relying_party()))


@require_POST
def login_finish(request: HttpRequest) -> HttpResponse:
    try:
        cookie = log_in(relying_party(), read_json(request))
    except DomainError as error:
        return json_problem(error)
    response = JsonResponse({"next": next_page(request)})
    set_cookie(response, cookie)
    return response


@require_POST
def login_demo(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    try:
        cookie = log_in_demo(settings.ENVIRONMENT.data_folder, demo_runs=settings.DEMO)
    except LoginRefused as error:
        return render(
            request, "desk/login.html", {"next": next_page(request), "demo": True, "error": error}, status=403
        )
    response = redirect(next_page(request))
    set_cookie(response, cookie)
    return response


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end(request.COOKIES.get(cookie_name(), ""))
    response = redirect("desk:login")
    clear_cookie(response)
    return response
