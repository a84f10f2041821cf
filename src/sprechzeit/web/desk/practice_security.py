"""How long sessions live, and where the trail's daily head goes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.practice_security import set_practice_security
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS, step_up=True)
def practice_security(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    error = None
    if request.method == "POST":
        try:
            set_practice_security(
                session.practice,
                session.actor,
                idle_minutes=read_number(request.POST.get("idle_minutes")),
                session_hours=read_number(request.POST.get("session_hours")),
                email=request.POST.get("email", ""),
            )
            return redirect("desk:practice-security")
        except Invalid as invalid:
            error = invalid
    values = (
        request.POST
        if error
        else {
            "idle_minutes": practice.idle_minutes,
            "session_hours": practice.session_hours,
            "email": practice.email,
        }
    )
    return desk_page(
        request,
        "desk/practice_security.html",
        {"values": values, "errors": {error.field: error.message} if error else {}},
        practice=practice,
        status=error.status if error else 200,
    )
