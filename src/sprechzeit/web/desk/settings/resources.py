"""Clinicians, rooms and devices: list, add, change, order, retire and bring back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit.booking.affected import agreement_to, coming, who_comes
from sprechzeit.furnishing.location import locations_of
from sprechzeit.furnishing.order import move_resource
from sprechzeit.furnishing.resource import (
    MOST_PLACES,
    MOST_SQUEEZED,
    Furniture,
    all_resources,
    change_resource,
    new_resource,
    resource_by_id,
)
from sprechzeit.furnishing.retire import retire_resource, return_resource
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import Listed, attempt
from sprechzeit.web.desk.settings.typed import Typed

K = Resource.Kind
NAMES = {K.CLINICIAN: pgettext_lazy("mehrere", "Behandelnde"), K.ROOM: _("Räume"), K.DEVICE: _("Geräte")}
NEW = {K.CLINICIAN: _("Neue Behandelnde"), K.ROOM: _("Neuer Raum"), K.DEVICE: _("Neues Gerät")}


@require_GET
@for_members(Permission.SETTINGS)
def resources(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    rows = all_resources(session.practice)
    kinds = [
        (kind.value, NAMES[kind], NEW[kind], [one for one in rows if one.kind == kind and one.retired_at is None])
        for kind in K
    ]
    context = {
        "kinds": kinds,
        "retired": [one for one in rows if one.retired_at is not None],
        "has_location": bool(locations_of(session.practice)),
        "saved": "gespeichert" in request.GET,
    }
    return desk_page(request, "desk/settings/resources.html", context, practice=practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def resource_new(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    if not locations_of(session.practice):
        return redirect("desk:location-new")
    asked = (request.POST if request.method == "POST" else request.GET).get("art", "")
    return _form(request, session, practice, None, K(asked) if asked in K.values else K.CLINICIAN)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def resource_change(request: HttpRequest, session: Session, practice: Practice, resource: int) -> HttpResponse:
    row = resource_by_id(session.practice, resource)
    return _form(request, session, practice, row, K(row.kind))


@require_POST
@for_members(Permission.SETTINGS)
def resource_order(request: HttpRequest, session: Session, practice: Practice, resource: int) -> HttpResponse:
    move_resource(session.practice, session.actor, resource, -1 if request.POST.get("richtung") == "auf" else 1)
    return redirect("desk:resources")


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def resource_retire(request: HttpRequest, session: Session, practice: Practice, resource: int) -> HttpResponse:
    """What it would leave behind, and the question."""
    row = resource_by_id(session.practice, resource)

    def save(typed: Typed, agreed: str) -> None:
        retire_resource(session.practice, session.actor, resource, agreed=agreed)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:resources')}?gespeichert=1")
    listed = refusal.listed if refusal else None
    if listed is None:
        appointments = coming(session.practice, resource=ResourceId(resource))
        listed = Listed(who_comes(session.keys, session.actor, appointments), agreement_to(appointments))
    context = {"resource": row, "listed": listed, "refusal": refusal}
    return desk_page(
        request,
        "desk/settings/resource_retire.html",
        context,
        practice=practice,
        status=refusal.status if refusal else 200,
    )


@require_POST
@for_members(Permission.SETTINGS)
def resource_return(request: HttpRequest, session: Session, practice: Practice, resource: int) -> HttpResponse:
    return_resource(session.practice, session.actor, resource)
    return redirect(f"{reverse('desk:resources')}?gespeichert=1")


def _form(
    request: HttpRequest, session: Session, practice: Practice, row: Resource | None, kind: Resource.Kind
) -> HttpResponse:
    places = locations_of(session.practice)

    def save(typed: Typed, agreed: str) -> None:
        furniture = Furniture(
            name=typed.line("name", 120, needed=True),
            short_name=typed.line("short_name", 20),
            specialty=typed.line("specialty", 120) if kind == K.CLINICIAN else "",
            location_id=read_number(typed.choice("location_id", [str(one.id) for one in places])) or 0,
            capacity=typed.number("capacity", 1, MOST_PLACES),
            overbooking=typed.number("overbooking", 0, MOST_SQUEEZED),
        )
        typed.require_sound()
        if row is None:
            new_resource(session.practice, session.actor, kind.value, furniture)
        else:
            change_resource(session.practice, session.actor, row.id, furniture)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:resources')}?gespeichert=1")
    specs = [
        Field("name", _("Name"), needed=True),
        Field("short_name", _("Kurzname"), hint=_("Für schmale Spalten, höchstens 20 Zeichen.")),
        Field("specialty", _("Fachgebiet")),
        Field("location_id", _("Standort"), kind="select", choices=tuple((str(one.id), one.name) for one in places)),
        Field("capacity", _("Plätze zugleich"), kind="number", hint=_("Wie viele Termine nebeneinander gehen.")),
        Field(
            "overbooking",
            _("Zusätzlich eingeschoben"),
            kind="number",
            hint=_("Wie viele Notfälle und Patienten ohne Termin daneben noch gehen; online nie angeboten."),
        ),
    ]
    stored = {one.name: str(getattr(row, one.name)) for one in specs} if row else {"capacity": "1", "overbooking": "1"}
    context = {
        "fields": fields(specs, request, refusal, stored),
        "refusal": refusal,
        "resource": row,
        "kind": kind.value,
        "new": NEW[kind],
        "is_clinician": kind == K.CLINICIAN,
    }
    return desk_page(
        request, "desk/settings/resource.html", context, practice=practice, status=refusal.status if refusal else 200
    )
