"""Who of the host looked at the practice, why, until when; allow it and end it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.support.session import allow, end, is_over, sessions_of, set_must_ask
from sprechzeit.web.desk.door import desk_page, for_members


@require_GET
@for_members(Permission.TRAIL)
def support(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    found = [(one, is_over(one)) for one in sessions_of(session.practice)]
    return desk_page(request, "desk/support.html", {"sessions": found}, practice=practice)


@require_POST
@for_members(Permission.TRAIL, step_up=True)
def allow_support(request: HttpRequest, session: Session, practice: Practice, support: UUID) -> HttpResponse:
    allow(session.practice, session.actor, support)
    return redirect("desk:support")


@require_POST
@for_members(Permission.TRAIL)
def end_support(request: HttpRequest, session: Session, practice: Practice, support: UUID) -> HttpResponse:
    end(session.practice, session.actor, support)
    return redirect("desk:support")


@require_POST
@for_members(Permission.SETTINGS, step_up=True)
def support_rule(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    set_must_ask(session.practice, session.actor, request.POST.get("ask") == "1")
    return redirect("desk:support")
