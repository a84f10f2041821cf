"""The alarms of the practice: what was noticed, what to do, and "done" with a note."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.practices.models import Practice
from sprechzeit.staff.alarms import alarms_of, settle
from sprechzeit.staff.membership import names_of_team
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.staff.token import tokens_of
from sprechzeit.web.desk.door import desk_page, for_members


@require_GET
@for_members(Permission.TRAIL)
def alarms(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    waiting, settled = alarms_of(session.keys)
    names = {**names_of_team(session.keys), **{str(token.id): token.name for token in tokens_of(session.practice)}}
    context = {
        "waiting": [(one, names.get(one.alarm.actor, "")) for one in waiting],
        "settled": [(one, names.get(one.alarm.settled_by, "")) for one in settled],
    }
    return desk_page(request, "desk/alarms.html", context, practice=practice)


@require_POST
@for_members(Permission.TRAIL, step_up=True)
def settle_alarm(request: HttpRequest, session: Session, practice: Practice, alarm: UUID) -> HttpResponse:
    settle(session.keys, session.actor, alarm, request.POST.get("note", ""))
    return redirect("desk:alarms")
