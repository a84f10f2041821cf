"""Log in and out: by passkey, and by the demo's button while the demo runs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import DomainError, Invalid
from sprechzeit.guard.doors import spend_here, tell_when
from sprechzeit.guard.limits import LOGIN_BY_ADDRESS, LOGIN_OF_SITE
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.demo import log_in_demo
from sprechzeit.staff.errors import LoginRefused, NotLoggedIn
from sprechzeit.staff.login import log_in
from sprechzeit.staff.membership import member_name
from sprechzeit.staff.passkey import RelyingParty, login_options
from sprechzeit.staff.session import Session, end, in_practice, resume
from sprechzeit.vault import fingerprint
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


def json_problem(error: DomainError) -> HttpResponse:
    """The error for a script that shows it."""
    return tell_when(JsonResponse({"code": error.code, "message": error.message}, status=error.status), error)


def next_page(request: HttpRequest) -> str:
    """Where to go after log-in: a page of the desk, never another host."""
    wanted = request.GET.get("weiter", "")
    return wanted if _is_of_the_desk(wanted) else reverse("desk:day")


def _is_of_the_desk(address: str) -> bool:
    """Whether it is one of our own addresses as it stands: none with ``..``, ``//`` or another host is."""
    path = address.partition("?")[0]
    try:
        return address.isprintable() and "#" not in address and resolve(path).namespace == "desk"
    except Resolver404:
        return False


@require_GET
@ensure_csrf_cookie
def login(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/login.html", {"next": next_page(request), "demo": settings.DEMO})


@require_POST
def login_begin(request: HttpRequest) -> HttpResponse:
    try:
        spend_here(LOGIN_BY_ADDRESS, LOGIN_OF_SITE)
    except DomainError as error:
        return json_problem(error)
    return JsonResponse(login_options(relying_party()))


@require_POST
def login_finish(request: HttpRequest) -> HttpResponse:
    try:
        spend_here(LOGIN_BY_ADDRESS, LOGIN_OF_SITE)
        body = read_json(request)
        cookie = _in_practice_asked(log_in(relying_party(), body), body.get("practice"))
    except DomainError as error:
        return json_problem(error)
    end(request.COOKIES.get(cookie_name(), ""))  # a member who comes after another at the same browser
    session = resume(cookie)
    member = member_name(session.keys, session.member)
    answer = {"next": next_page(request), "practice": session.home.slug, "member": member, "key": key_of(session)}
    response = JsonResponse(answer)
    set_cookie(response, cookie)
    return response


def key_of(session: Session) -> dict[str, int | str] | None:
    """The fingerprint of the key that was opened, for the browser to compare with what it remembers; no demo's."""
    if session.home.kind == Practice.Kind.DEMO:
        return None
    return {"practice": session.practice, "print": fingerprint(session.keys.private_key.public)}


def _in_practice_asked(cookie: str, slug: Any) -> str:
    """A screen that is unlocked goes on in its practice, when the member belongs to it."""
    practice = Practice.objects.filter(slug=slug).first() if isinstance(slug, str) and "\0" not in slug else None
    try:
        return in_practice(cookie, PracticeId(practice.id)) if practice else cookie
    except NotLoggedIn:
        return cookie


@require_POST
def login_demo(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    try:
        spend_here(LOGIN_BY_ADDRESS)
        cookie = log_in_demo(settings.ENVIRONMENT.data_folder, demo_runs=settings.DEMO)
    except DomainError as error:
        page = {"next": next_page(request), "demo": True, "error": error}
        status = 403 if isinstance(error, LoginRefused) else error.status
        return tell_when(render(request, "desk/login.html", page, status=status), error)
    response = redirect(next_page(request))
    set_cookie(response, cookie)
    return response


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end(request.COOKIES.get(cookie_name(), ""))
    response = redirect("desk:login")
    clear_cookie(response)
    return response


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the screen: the session ends here and now, the page stays in the browser, covered.

    Whoever unlocks it with a passkey of the same practice goes on with the page, under their own name.
    """
    end(request.COOKIES.get(cookie_name(), ""))
    response = HttpResponse(status=204)
    clear_cookie(response)
    return response
