"""The open consultation at the desk: who waits by number, call the next, draw one for whoever stands at the counter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.booking.models import QueueNumber
from sprechzeit.booking.open_consultation import call, consultation_of, draw, numbers_of_today
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import walk_in_types
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.vault import new_link_secret
from sprechzeit.web.desk.door import desk_page, for_members

State = QueueNumber.State
NEXT = {
    State.WAITING: (State.CALLED, State.LEFT),
    State.CALLED: (State.DONE, State.WAITING, State.LEFT),
    State.DONE: (State.CALLED,),
    State.LEFT: (State.WAITING,),
}


@require_GET
@for_members(Permission.CALENDAR)
def numbers(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    types = walk_in_types(session.practice)
    queues = [
        {
            "visit_type": one,
            "stands": consultation_of(practice, one),
            "numbers": [(row, NEXT[State(row.state)]) for row in numbers_of_today(practice, one)],
        }
        for one in types
    ]
    return desk_page(request, "desk/numbers.html", {"queues": queues}, practice=practice)


@require_POST
@for_members(Permission.BOOK)
def number_call(request: HttpRequest, session: Session, practice: Practice, ticket: UUID) -> HttpResponse:
    call(session.practice, session.actor, ticket, request.POST.get("state", ""), seen=request.POST.get("seen", ""))
    return redirect("desk:numbers")


@require_POST
@for_members(Permission.BOOK)
def number_draw(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    chosen = next((one for one in walk_in_types(PracticeId(practice.id)) if one.id == visit_type), None)
    if chosen is None:
        raise NotFound(_("Diese offene Sprechstunde gibt es hier nicht."))
    draw(practice, chosen, new_link_secret(), actor=session.actor)
    return redirect("desk:numbers")
