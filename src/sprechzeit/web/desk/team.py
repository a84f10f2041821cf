"""The team: who belongs to the practice, invitations, roles, leaving, and the rotation that follows."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit.errors import Invalid
from sprechzeit.patients.rotate import progress, rotate_some
from sprechzeit.practices.models import Practice
from sprechzeit.staff.invite import invite, pending_invitations, withdraw
from sprechzeit.staff.leave import remove_member
from sprechzeit.staff.membership import change_role, team
from sprechzeit.staff.models import Membership
from sprechzeit.staff.permissions import PERMISSION_NAMES, ROLE_NAMES, Permission, matrix
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members

R = Membership.Role


def _role_asked(text: str) -> Membership.Role:
    if text not in R.values:
        raise Invalid(_("Bitte wählen Sie eine Rolle."), field="role")
    return R(text)


@require_GET
@for_members(Permission.TEAM)
def show_team(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return _page(request, session, practice)


def _page(request: HttpRequest, session: Session, practice: Practice, **more: object) -> HttpResponse:
    context = {
        "members": [(one, ROLE_NAMES[R(one.role)]) for one in team(session.keys)],
        "me": session.member,
        "pending": [(one, ROLE_NAMES[R(one.role)]) for one in pending_invitations(session.practice)],
        "roles": list(ROLE_NAMES.items()),
        "matrix": [(PERMISSION_NAMES[permission], row) for permission, row in matrix()],
        "progress": progress(session.practice, practice.current_data_key),
        **more,
    }
    return desk_page(request, "desk/team.html", context, practice=practice)


@require_POST
@for_members(Permission.MANAGE_TEAM, step_up=True)
def invite_member(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """Make an invitation; its link is shown in this one answer and never again."""
    role = _role_asked(request.POST.get("role", ""))
    secret_part = invite(session.keys, session.actor, role)
    link = f"{settings.PUBLIC_URL}{reverse('desk:invitation')}#{secret_part}"
    return _page(request, session, practice, link=link, invited_role=ROLE_NAMES[role])


@require_POST
@for_members(Permission.MANAGE_TEAM)
def withdraw_invitation(request: HttpRequest, session: Session, practice: Practice, invitation: UUID) -> HttpResponse:
    withdraw(session.practice, session.actor, invitation)
    return redirect("desk:team")


@require_POST
@for_members(Permission.MANAGE_TEAM, step_up=True)
def set_role(request: HttpRequest, session: Session, practice: Practice, member: UUID) -> HttpResponse:
    change_role(session.practice, session.actor, member, request.POST.get("role", ""))
    return redirect("desk:team")


@require_POST
@for_members(Permission.MANAGE_TEAM, step_up=True)
def dismiss(request: HttpRequest, session: Session, practice: Practice, member: UUID) -> HttpResponse:
    remove_member(session.keys, session.actor, member)
    return redirect("desk:rotation")


@require_http_methods(["GET", "POST"])
@for_members(Permission.MANAGE_TEAM)
def rotation(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """How far the records are under the new data key; each POST takes the next batch."""
    if request.method == "POST":
        done = rotate_some(session.keys, session.actor)
    else:
        done = progress(session.practice, practice.current_data_key)
    return desk_page(request, "desk/rotation.html", {"progress": done}, practice=practice)
