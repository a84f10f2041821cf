"""Visit types: list, add, change, order, retire and bring back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit.booking.affected import agreement_to, coming, who_comes
from sprechzeit.furnishing.order import move_visit_type
from sprechzeit.furnishing.resource import all_resources
from sprechzeit.furnishing.retire import retire_visit_type, return_visit_type
from sprechzeit.furnishing.visit_type import (
    all_visit_types,
    any_visit_type,
    change_visit_type,
    needs_of,
    new_visit_type,
)
from sprechzeit.identifiers import VisitTypeId
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import fields
from sprechzeit.web.desk.settings.need_groups import groups_of, read_needs
from sprechzeit.web.desk.settings.saving import Listed, attempt
from sprechzeit.web.desk.settings.typed import Typed
from sprechzeit.web.desk.settings.visit_type_fields import new_ones, read_offering, specs, stored_of


@require_GET
@for_members(Permission.SETTINGS)
def visit_types(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    rows = all_visit_types(session.practice)
    context = {
        "visit_types": [one for one in rows if one.retired_at is None],
        "retired": [one for one in rows if one.retired_at is not None],
        "has_resource": any(one.retired_at is None for one in all_resources(session.practice)),
        "saved": "gespeichert" in request.GET,
    }
    return desk_page(request, "desk/settings/visit_types.html", context, practice=practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def visit_type_new(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return _form(request, session, practice, None)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def visit_type_change(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    return _form(request, session, practice, any_visit_type(session.practice, visit_type))


@require_POST
@for_members(Permission.SETTINGS)
def visit_type_order(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    move_visit_type(session.practice, session.actor, visit_type, -1 if request.POST.get("richtung") == "auf" else 1)
    return redirect("desk:visit-types")


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def visit_type_retire(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    """What would stay booked, and the question."""
    row = any_visit_type(session.practice, visit_type)

    def save(typed: Typed, agreed: str) -> None:
        retire_visit_type(session.practice, session.actor, visit_type, agreed=agreed)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:visit-types')}?gespeichert=1")
    listed = refusal.listed if refusal else None
    if listed is None:
        appointments = coming(session.practice, visit_type=VisitTypeId(visit_type))
        listed = Listed(who_comes(session.keys, session.actor, appointments), agreement_to(appointments))
    return desk_page(
        request,
        "desk/settings/visit_type_retire.html",
        {"visit_type": row, "listed": listed, "refusal": refusal},
        practice=practice,
        status=refusal.status if refusal else 200,
    )


@require_POST
@for_members(Permission.SETTINGS)
def visit_type_return(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    return_visit_type(session.practice, session.actor, visit_type)
    return redirect(f"{reverse('desk:visit-types')}?gespeichert=1")


def _form(request: HttpRequest, session: Session, practice: Practice, row: VisitType | None) -> HttpResponse:
    def save(typed: Typed, agreed: str) -> None:
        offering, needs = read_offering(typed), read_needs(request.POST)
        if not needs:
            typed.errors["needs"] = _("Bitte wählen Sie, wer oder was gebraucht wird.")
        typed.require_sound()
        if row is None:
            new_visit_type(session.practice, session.actor, offering, needs)
        else:
            change_visit_type(session.practice, session.actor, row.id, offering, needs, agreed=agreed)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:visit-types')}?gespeichert=1")
    needs = needs_of(session.practice, row.id) if row else ()
    resources = all_resources(session.practice)
    context = {
        "fields": fields(specs(), request, refusal, stored_of(row) if row else new_ones()),
        "groups": groups_of(resources, read_needs(request.POST, keep_empty=True) if refusal else needs),
        "tones": range(1, 9),
        "visit_type": row,
        "refusal": refusal,
        "needs_error": refusal.errors.get("needs", "") if refusal else "",
    }
    return desk_page(
        request, "desk/settings/visit_type.html", context, practice=practice, status=refusal.status if refusal else 200
    )
