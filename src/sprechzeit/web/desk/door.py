"""The desk's door: every page behind it needs a session; everything it raises is told in one place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from sprechzeit.errors import DomainError
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import NotLoggedIn
from sprechzeit.staff.session import LONGEST, Session, resume

P = ParamSpec("P")
DeskView = Callable[Concatenate[HttpRequest, Session, Practice, P], HttpResponse]


def cookie_name() -> str:
    """``__Host-`` binds the cookie to this host and to https; http://localhost cannot have it."""
    return "__Host-desk" if settings.ENVIRONMENT.secure_cookies else "desk"


def set_cookie(response: HttpResponse, value: str) -> None:
    """Give the browser its half of the session."""
    response.set_cookie(
        cookie_name(),
        value,
        max_age=int(LONGEST.total_seconds()),
        secure=settings.ENVIRONMENT.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: HttpResponse) -> None:
    """Take it back."""
    response.delete_cookie(cookie_name(), samesite="Lax")


def for_members(view: DeskView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open the session before the view; without one, go to log-in and come back here afterwards."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            session = resume(request.COOKIES.get(cookie_name(), ""))
        except NotLoggedIn:
            return _to_login(request)
        practice = Practice.objects.get(id=session.practice)
        try:
            return view(request, session, practice, *args, **kwargs)
        except DomainError as error:
            return desk_page(request, "desk/problem.html", {"error": error}, practice=practice, status=error.status)

    return guarded


def _to_login(request: HttpRequest) -> HttpResponse:
    login = reverse("desk:login")
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return redirect(f"{login}?{urlencode({'weiter': request.get_full_path()})}")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": login})
    return HttpResponseRedirect(login)


def desk_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, practice: Practice, status: int = 200
) -> HttpResponse:
    """Render a page of the desk; a request by htmx gets the panel's part of the same template."""
    partial = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    layout = "desk/panel.html" if partial else "desk/base.html"
    return render(request, template, {**context, "practice": practice, "layout": layout}, status=status)
