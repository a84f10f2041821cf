"""What patients read on the booking page, and how they get there: link and QR code."""

from __future__ import annotations

import io

import segno
from csp.constants import SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from sprechzeit.errors import Invalid
from sprechzeit.furnishing.booking_page import LONGEST, BookingPage, change_booking_page
from sprechzeit.furnishing.widget_origins import read_origins
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import attempt
from sprechzeit.web.desk.settings.snippets import snippets_of
from sprechzeit.web.desk.settings.typed import Typed

LOCAL_TOO = not settings.ENVIRONMENT.production  # to try it on one's own computer


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def booking_page(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    def save(typed: Typed, agreed: str) -> None:
        origins: list[str] = []
        try:
            origins = read_origins(typed.text("widget_origins", LONGEST), LOCAL_TOO)
        except Invalid as invalid:
            typed.errors.setdefault("widget_origins", invalid.message)
        page = BookingPage(typed.text("welcome_de", LONGEST), typed.text("welcome_en", LONGEST), origins)
        typed.require_sound()
        change_booking_page(session.practice, session.actor, page)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:settings-booking-page')}?gespeichert=1")
    specs = [
        Field(
            "welcome_de",
            _("Text auf Deutsch"),
            kind="area",
            hint=_("Steht über den Terminarten. Jeder kann ihn lesen."),
        ),
        Field("welcome_en", _("Text auf Englisch"), kind="area", hint=_("Leer: wie auf Deutsch.")),
        Field(
            "widget_origins",
            _("Adressen Ihrer Website"),
            kind="area",
            hint=_("Je Zeile eine, wie https://www.praxis-beispiel.de. Nur diese dürfen die Buchungsseite einbetten."),
        ),
    ]
    stored = {
        "welcome_de": practice.welcome_de,
        "welcome_en": practice.welcome_en,
        "widget_origins": "\n".join(practice.widget_origins),
    }
    link = _link(practice)
    context = {
        "fields": fields(specs, request, refusal, stored),
        "refusal": refusal,
        "saved": "gespeichert" in request.GET,
        "link": link,
        "snippets": snippets_of(practice),
        "preview": f"/widget-vorschau/{practice.slug}/",
        "code": mark_safe(_code(link).svg_inline(scale=4, border=2, omitsize=True)),  # noqa: S308 - made of the practice's address by segno
    }
    status = refusal.status if refusal else 200
    answer = desk_page(request, "desk/settings/booking_page.html", context, practice=practice, status=status)
    answer._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # the preview; csp's own way
    return answer


@require_GET
@for_members(Permission.SETTINGS)
def booking_code(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The QR code as a file to print: on the door, on letters."""
    picture = io.BytesIO()
    _code(_link(practice)).save(picture, kind="svg", scale=12, border=4)
    return HttpResponse(
        picture.getvalue(),
        content_type="image/svg+xml",
        headers={"Content-Disposition": f'attachment; filename="{practice.slug}.svg"'},
    )


def _link(practice: Practice) -> str:
    return str(settings.PUBLIC_URL + reverse("front:practice", args=[practice.slug]))


def _code(link: str) -> segno.QRCode:
    return segno.make(link, error="m", micro=False)
