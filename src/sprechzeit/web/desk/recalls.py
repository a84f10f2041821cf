"""Check-ups that are due: who, invite them, invite them no more."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from sprechzeit import clock
from sprechzeit.messages.channels import can_mail
from sprechzeit.practices.models import Practice
from sprechzeit.recall.due import SHOWN, Due, Obstacle, due_list
from sprechzeit.recall.invite import invite, invite_no_more
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_id, read_number

OBSTACLES: dict[Obstacle, Promise | str] = {
    Obstacle.NO_ADDRESS: _("nur am Telefon zu erreichen: keine bestätigte E-Mail-Adresse"),
    Obstacle.UNWANTED: _("E-Mail abgelehnt"),
    Obstacle.TOO_OFTEN: _("zweimal eingeladen"),
    Obstacle.TOO_SOON: _("vor weniger als vier Wochen eingeladen"),
}


@require_GET
@for_members(Permission.BOOK)
def show_recalls(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    today = clock.now().astimezone(practice.zone).date()
    rows = [_row(one, practice) for one in due_list(session.keys, session.actor, practice)]
    context = {
        "rows": rows,
        "today": today,
        "is_cut": len(rows) == SHOWN,
        "can_invite": can_mail(practice) and any(not one["obstacle"] for one in rows),
        "can_mail": can_mail(practice),
        "invited": read_number(request.GET.get("eingeladen")),
        "left_out": read_number(request.GET.get("nicht")),
        "is_none_ticked": "niemand" in request.GET,
    }
    return desk_page(request, "desk/recalls.html", context, practice=practice)


@require_POST
@for_members(Permission.BOOK)
def invite_ticked(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    ticked = {read_id(one, "kontrolle") for one in request.POST.getlist("kontrolle")[:SHOWN]}
    page = reverse("desk:recalls")
    if not ticked:
        return redirect(f"{page}?niemand=1")
    count = invite(session.keys, session.actor, ticked)
    return redirect(f"{page}?eingeladen={count}&nicht={len(ticked) - count}")


@require_POST
@for_members(Permission.BOOK)
def no_more(request: HttpRequest, session: Session, practice: Practice, recall: UUID) -> HttpResponse:
    invite_no_more(session.practice, session.actor, recall)
    return redirect("desk:recalls")


def _row(one: Due, practice: Practice) -> dict[str, object]:
    invited_at = one.recall.invited_at
    return {
        "id": one.recall.id,
        "patient": one.recall.patient_id,
        "visit_type": one.recall.visit_type,
        "who": one.who,
        "due_on": one.recall.due_on,
        "invitations": one.recall.invitations,
        "invited_at": invited_at.astimezone(practice.zone) if invited_at else None,
        "obstacle": OBSTACLES.get(one.obstacle, ""),
    }
