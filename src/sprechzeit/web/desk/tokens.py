"""Ways in for programs: list, make, revoke."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sprechzeit import clock
from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.staff.token import Scope, make_token, revoke_token, tokens_of
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number

SCOPE_NAMES = {
    Scope.CALENDAR_READ: _("Termine eines Tages mit Namen lesen"),
    Scope.PATIENTS_SEARCH: _("Patienten suchen"),
}


@require_http_methods(["GET"])
@for_members(Permission.TOKENS)
def tokens(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return _page(request, session, practice)


@require_POST
@for_members(Permission.TOKENS, step_up=True)
def new_token(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Make a token; it is shown in this one answer and never again."""
    try:
        token = make_token(
            session.keys,
            session.actor,
            name=request.POST.get("name", ""),
            scopes=request.POST.getlist("scopes"),
            days=read_number(request.POST.get("days")) or 0,
            member=session.member,
        )
    except Invalid as error:
        return _page(request, session, practice, error=error, asked=request.POST, status=error.status)
    return _page(request, session, practice, token=token)


@require_POST
@for_members(Permission.TOKENS)
def drop_token(request: HttpRequest, session: Session, practice: Practice, token: UUID) -> HttpResponse:
    revoke_token(session.practice, session.actor, token)
    return redirect("desk:tokens")


def _page(
    request: HttpRequest, session: Session, practice: Practice, *, status: int = 200, **more: object
) -> HttpResponse:
    rows = [
        (one, [SCOPE_NAMES[Scope(scope)] for scope in one.scopes], one.expires_at <= clock.now())
        for one in tokens_of(session.practice)
    ]
    context = {"tokens": rows, "scopes": [(scope.value, name) for scope, name in SCOPE_NAMES.items()], **more}
    return desk_page(request, "desk/tokens.html", context, practice=practice, status=status)
