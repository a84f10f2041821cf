"""Places of the practice: list, add, change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from sprechzeit.furnishing.location import Place, change_location, location_by_id, locations_of, new_location
from sprechzeit.practices.models import Location, Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import attempt
from sprechzeit.web.desk.settings.typed import Typed

SPECS = [
    Field("name", _("Name"), hint=_("Wie er in Ihrer Praxis heißt."), needed=True),
    Field("street", _("Straße und Hausnummer")),
    Field("postal_code", _("Postleitzahl")),
    Field("city", _("Ort")),
]


@require_GET
@for_members(Permission.SETTINGS)
def locations(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    context = {"locations": locations_of(session.practice), "saved": "gespeichert" in request.GET}
    return desk_page(request, "desk/settings/locations.html", context, practice=practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def location_new(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return _form(request, session, practice, None)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def location_change(request: HttpRequest, session: Session, practice: Practice, location: int) -> HttpResponse:
    return _form(request, session, practice, location_by_id(session.practice, location))


def _form(request: HttpRequest, session: Session, practice: Practice, row: Location | None) -> HttpResponse:
    def save(typed: Typed, agreed: str) -> None:
        place = Place(
            name=typed.line("name", 120, needed=True),
            street=typed.line("street", 120),
            postal_code=typed.line("postal_code", 10),
            city=typed.line("city", 80),
        )
        typed.require_sound()
        if row is None:
            new_location(session.practice, session.actor, place)
        else:
            change_location(session.practice, session.actor, row.id, place)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:locations')}?gespeichert=1")
    stored = {one.name: getattr(row, one.name) for one in SPECS} if row else {}
    context = {"fields": fields(SPECS, request, refusal, stored), "refusal": refusal, "location": row}
    return desk_page(
        request, "desk/settings/location.html", context, practice=practice, status=refusal.status if refusal else 200
    )
