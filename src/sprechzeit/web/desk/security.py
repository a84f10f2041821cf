"""One's own passkeys and sessions."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import DomainError
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.own_passkeys import add_passkey, own_passkeys, remove_passkey, rename_passkey
from sprechzeit.staff.own_sessions import end_own, own_sessions
from sprechzeit.staff.passkey import registration_options
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session, in_practice
from sprechzeit.web.desk.door import cookie_name, desk_page, for_members, set_cookie
from sprechzeit.web.desk.login import json_problem, read_json, relying_party


@require_GET
@for_members(Permission.OWN_SECURITY)
def security(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    passkeys = own_passkeys(session)
    context = {"passkeys": passkeys, "sessions": own_sessions(session), "only_one": len(passkeys) == 1}
    return desk_page(request, "desk/security.html", context, practice=practice)


@require_GET
@for_members(Permission.OWN_SECURITY, step_up=True)
def new_passkey(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return desk_page(request, "desk/passkey_new.html", {}, practice=practice)


@require_POST
@for_members(Permission.OWN_SECURITY, step_up=True)
def add_passkey_begin(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return JsonResponse(registration_options(relying_party(), session.member, name=practice.name))


@require_POST
@for_members(Permission.OWN_SECURITY, step_up=True)
def add_passkey_finish(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    try:
        add_passkey(relying_party(), session, request.COOKIES[cookie_name()], read_json(request))
    except DomainError as error:
        return json_problem(error)
    return JsonResponse({})


@require_POST
@for_members(Permission.OWN_SECURITY)
def name_passkey(request: HttpRequest, session: Session, practice: Practice, passkey: UUID) -> HttpResponse:
    rename_passkey(session, passkey, request.POST.get("label", ""))
    return redirect("desk:security")


@require_POST
@for_members(Permission.OWN_SECURITY, step_up=True)
def drop_passkey(request: HttpRequest, session: Session, practice: Practice, passkey: UUID) -> HttpResponse:
    remove_passkey(session, passkey)
    return redirect("desk:security")


@require_POST
@for_members(Permission.OWN_SECURITY)
def end_session(request: HttpRequest, session: Session, practice: Practice, login: UUID) -> HttpResponse:
    end_own(session, login)
    return redirect("desk:security")


@require_POST
@for_members(Permission.OWN_SECURITY)
def end_sessions(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    end_own(session)
    return redirect("desk:security")


@require_POST
@for_members(Permission.OWN_SECURITY)
def change_practice(request: HttpRequest, session: Session, practice: Practice, number: int) -> HttpResponse:
    """Go on in another practice of the member, without a new log-in when this one opened its keys."""
    cookie = in_practice(request.COOKIES[cookie_name()], PracticeId(number))
    response = redirect("desk:day")
    set_cookie(response, cookie)
    return response
