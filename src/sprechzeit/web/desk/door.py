"""The desk's door: every page behind it names a permission; everything it raises is told in one place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sprechzeit.audit.record import record
from sprechzeit.booking.inbox import count_unread
from sprechzeit.booking.unreadable import mark_unreadable
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import DomainError
from sprechzeit.guard.errors import ProofForMore, UsedUp
from sprechzeit.messages.failed import count_failed
from sprechzeit.practices.models import Practice
from sprechzeit.rights.listing import count_open as count_open_requests
from sprechzeit.staff.alarms import count_open
from sprechzeit.staff.errors import KeySwapped, NotAllowed, NotLoggedIn, ProofNeeded
from sprechzeit.staff.membership import member_name
from sprechzeit.staff.own_sessions import other_practices
from sprechzeit.staff.permissions import Permission, is_allowed, require_allowed
from sprechzeit.staff.session import LONGEST, Session, resume
from sprechzeit.staff.step_up import require_proof
from sprechzeit.staff.stop_reading import ask_for_more, stop_member
from sprechzeit.support.session import running
from sprechzeit.vault import CannotOpen, fingerprint
from sprechzeit.waiting.listing import count_waiting
from sprechzeit.web.desk.keys import keys_for
from sprechzeit.web.errors import problem_page

P = ParamSpec("P")
DeskView = Callable[Concatenate[HttpRequest, Session, Practice, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
SET_UP_PAGES = {"sheet", "sheet-check", "sheet-new"}


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
    """Take it back, and let the browser forget what it kept of the pages (Clear-Site-Data)."""
    response.delete_cookie(cookie_name(), samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'


def for_members(
    permission: Permission, *, step_up: bool = False, passive: bool = False
) -> Callable[[DeskView[P]], Guarded[P]]:
    """A page for members whose role has the permission; with ``step_up`` the passkey must have been asked for lately.

    ``passive`` marks what an open page asks by itself: it does not keep the session alive.

    Without a session it goes to log-in and comes back here afterwards. The permission stands on the view, where the
    matrix of all addresses and roles reads it.
    """

    def decorate(view: DeskView[P]) -> Guarded[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                by_itself = passive or "X-Live" in request.headers
                session = resume(request.COOKIES.get(cookie_name(), ""), passive=by_itself)
            except NotLoggedIn:
                return _to_login(request)
            except KeySwapped:
                return _swapped(request)
            if _must_set_up(request, session):
                return redirect("desk:sheet")
            request.desk_session = session  # type: ignore[attr-defined]  # read by desk_page
            try:
                require_allowed(session.role, permission)
                if step_up:
                    require_proof(session)
                try:
                    return view(request, session, session.home, *args, **kwargs)
                except CannotOpen:
                    return _with_fresh_keys(view, request, session, *args, **kwargs)
                except ProofForMore:
                    if ask_for_more(session):
                        raise
                    return view(request, session, session.home, *args, **kwargs)
            except (ProofNeeded, ProofForMore) as error:
                return _ask_for_proof(request, session, error)
            except UsedUp as error:
                stop_member(session.practice, session.member)
                return _stopped(request, error)
            except DomainError as error:
                if isinstance(error, NotAllowed):
                    _record_refusal(session, permission)
                return desk_page(
                    request, "desk/problem.html", {"error": error}, practice=session.home, status=error.status
                )

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the matrix
        guarded.step_up = step_up  # type: ignore[attr-defined]  # read by the matrix
        return cast(Guarded[P], guarded)

    return decorate


def _must_set_up(request: HttpRequest, session: Session) -> bool:
    """A practice without a recovery sheet goes no further: without one, lost passkeys mean lost data."""
    match = request.resolver_match
    page = match.url_name if match else ""
    waiting = session.home.set_up_at is None and session.home.kind != Practice.Kind.DEMO
    return waiting and is_allowed(session.role, Permission.KEYS) and page not in SET_UP_PAGES


def _with_fresh_keys(
    view: DeskView[P], request: HttpRequest, session: Session, /, *args: P.args, **kwargs: P.kwargs
) -> HttpResponseBase:
    """A record did not open: perhaps a new data key began since the session was read. Once more, or it is damaged."""
    if mark_unreadable(session.keys, session.actor):  # what was sealed to a swapped key
        return view(request, session, session.home, *args, **kwargs)
    fresh = resume(request.COOKIES.get(cookie_name(), ""))
    if fresh.keys.keyring.current == session.keys.keyring.current:
        with acting_for(session.practice):
            record(session.practice, session.actor, "record.damaged")
        raise CannotOpen
    return view(request, fresh, fresh.home, *args, **kwargs)


def _record_refusal(session: Session, permission: Permission) -> None:
    with acting_for(session.practice):
        record(session.practice, session.actor, "permission.refused", details={"permission": permission.value})


def _stopped(request: HttpRequest, error: UsedUp) -> HttpResponse:
    """The session is over; the page that says so is no page of the desk any more."""
    if request.content_type == "application/json":
        response: HttpResponse = JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    else:
        response = problem_page(request, error.status, _("Sitzung beendet"), error.message)
    clear_cookie(response)
    return response


def _swapped(request: HttpRequest) -> HttpResponse:
    """The page that says so needs no session; this one stays, and opens nothing until the key is put back."""
    page = reverse("desk:key-swapped")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    return HttpResponseRedirect(page)


def _ask_for_proof(request: HttpRequest, session: Session, error: DomainError) -> HttpResponse:
    """The page that asks for the passkey and then sends again what was sent: nothing typed is lost."""
    if request.content_type == "application/json":
        return JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    again = [
        (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
    context = {"again": again, "target": request.get_full_path(), "is_post": request.method == "POST"}
    context["reason"] = error.message if isinstance(error, ProofForMore) else ""
    return desk_page(request, "desk/step_up.html", context, practice=session.home, status=403)


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
    session: Session | None = getattr(request, "desk_session", None)
    may = {one.value.replace("-", "_"): is_allowed(session.role, one) for one in Permission} if session else {}
    context = {**context, "practice": practice, "layout": layout, "may": may}
    if session is not None and not partial:
        if practice.kind != Practice.Kind.DEMO:  # a demo is made anew with other keys
            context["key_print"] = fingerprint(session.keys.private_key.public)
        context["member_name"] = member_name(session.keys, session.member)
        context["other_practices"] = other_practices(session)
        context["key_groups"] = keys_for(may)
        with acting_for(session.practice):  # one transaction for all the counts
            if is_allowed(session.role, Permission.INTAKE):
                context["unread_count"] = count_unread(session.practice)
            if is_allowed(session.role, Permission.RECORDS):
                context["asked_count"] = count_open_requests(practice)
            if is_allowed(session.role, Permission.BOOK):
                context["failed_count"] = count_failed(session.practice)
                context["waiting_count"] = count_waiting(session.practice)
            if is_allowed(session.role, Permission.TRAIL):
                context["open_alarms"] = count_open(session.practice)
                context["support"] = running(session.practice)
    return render(request, template, context, status=status)
