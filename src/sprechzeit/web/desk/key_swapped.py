"""A swapped public key: the page that says so and helps, the two ways to put it back, and a browser's own word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import DomainError
from sprechzeit.guard.doors import failures_limited, spend_here, tell_when
from sprechzeit.guard.limits import LOGIN_BY_ADDRESS, LOGIN_OF_SITE, SECRET_BY_ADDRESS
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import SheetRefused
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.restore_key import restore_by_passkey, restore_by_sheet
from sprechzeit.staff.session import Session, end
from sprechzeit.staff.swapped import tell_of_difference
from sprechzeit.web.desk.door import clear_cookie, cookie_name, for_members
from sprechzeit.web.desk.login import json_problem, read_json, relying_party

TEMPLATE = "desk/key_swapped.html"


@require_GET
@ensure_csrf_cookie
def key_swapped(request: HttpRequest) -> HttpResponse:
    """Open to anybody: whoever is sent here has no session. It tells nothing about any practice."""
    return render(
        request,
        TEMPLATE,
        {
            "differs": "hier" in request.GET,
            "restored": "zurueck" in request.GET,
            "right_already": "richtig" in request.GET,
        },
    )


@require_POST
def restore_with_sheet(request: HttpRequest) -> HttpResponse:
    slug = request.POST.get("slug", "").strip()[:60]
    try:
        with failures_limited(SECRET_BY_ADDRESS, SheetRefused):
            name = restore_by_sheet(slug, request.POST.get("words", ""))
    except DomainError as error:
        page = render(request, TEMPLATE, {"slug": slug, "error": error}, status=error.status)
        return tell_when(page, error)
    return render(request, TEMPLATE, {"restored": bool(name), "right_already": not name})


@require_POST
def restore_with_passkey(request: HttpRequest) -> HttpResponse:
    try:
        spend_here(LOGIN_BY_ADDRESS, LOGIN_OF_SITE)
        names = restore_by_passkey(relying_party(), read_json(request))
    except DomainError as error:
        return json_problem(error)
    page = reverse("desk:key-swapped")
    return JsonResponse({"next": f"{page}?zurueck=1" if names else f"{page}?richtig=1"})


@require_POST
@for_members(Permission.OWN_SECURITY)
def key_differs(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """A member's browser remembers another fingerprint: the session ends, the owners and the host get to know."""
    remembered = request.POST.get("remembered", "")
    tell_of_difference(session.practice, session.actor, remembered)
    end(request.COOKIES.get(cookie_name(), ""))
    response = HttpResponse(status=204)
    clear_cookie(response)
    return response
