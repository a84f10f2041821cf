"""The practice's emergency brakes: each is one press, after the passkey was shown."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice
from sprechzeit.staff.brake import end_sessions, freeze, release, revoke_all_tokens
from sprechzeit.staff.leave import begin_new_data_key
from sprechzeit.staff.membership import team
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.staff.token import tokens_of
from sprechzeit.web.desk.door import desk_page, for_members


@require_GET
@for_members(Permission.KEYS)
def brake(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    context = {"members": team(session.keys), "tokens": len(tokens_of(session.practice)), "me": session.member}
    return desk_page(request, "desk/brake.html", context, practice=practice)


@require_POST
@for_members(Permission.KEYS, step_up=True)
def pull(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    match request.POST.get("was", ""):
        case "sitzungen":
            end_sessions(session.practice, session.actor)
            return redirect("desk:login")
        case "mitglied":
            end_sessions(session.practice, session.actor, _member(request.POST.get("member", "")))
        case "anhalten":
            freeze(session.practice, session.actor)
        case "aufheben":
            release(session.practice, session.actor)
        case "programme":
            revoke_all_tokens(session.practice, session.actor)
        case "schluessel":
            begin_new_data_key(session.keys, session.actor)
            return redirect("desk:rotation")
        case _other:
            raise Invalid(_("Bitte wählen Sie, was geschehen soll."))
    return redirect("desk:brake")


def _member(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("Bitte wählen Sie jemanden aus.")) from None
