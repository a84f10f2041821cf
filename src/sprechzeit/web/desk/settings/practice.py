"""Name, address and the like of the practice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sprechzeit.furnishing.practice import MOST_AT_ONCE, STATES, ZONES, Profile, change_practice
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import attempt
from sprechzeit.web.desk.settings.typed import Typed

AT_ONCE = {
    "1": _("einer nach dem anderen"),
    "2": _("zwei zugleich"),
    "3": _("drei zugleich"),
    "4": _("vier zugleich"),
    "5": _("fünf zugleich"),
}
PLAIN = ("name", "street", "postal_code", "city", "phone", "subdivision", "time_zone", "birth_date_purpose")


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def practice_profile(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    def save(typed: Typed, agreed: str) -> None:
        profile = _read(typed, practice)
        change_practice(session.practice, session.actor, profile, agreed=agreed)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:settings-practice')}?gespeichert=1")
    stored = {name: getattr(practice, name) for name in PLAIN} | {"listed": "1" if practice.listed else ""}
    stored |= {"waiting_at_once": str(practice.waiting_at_once)}
    stored |= {name: f"{getattr(practice, name):%H:%M}" for name in ("quiet_from", "quiet_until")}
    context = {
        "fields": fields(_specs(practice), request, refusal, stored),
        "refusal": refusal,
        "saved": "gespeichert" in request.GET,
    }
    return desk_page(
        request, "desk/settings/practice.html", context, practice=practice, status=refusal.status if refusal else 200
    )


def _zones(practice: Practice) -> list[str]:
    return sorted({*ZONES, practice.time_zone})


def _read(typed: Typed, practice: Practice) -> Profile:
    profile = Profile(
        name=typed.line("name", 120, needed=True),
        street=typed.line("street", 120),
        postal_code=typed.line("postal_code", 10),
        city=typed.line("city", 80),
        phone=typed.line("phone", 40),
        listed=typed.checked("listed"),
        subdivision=typed.choice("subdivision", STATES),
        time_zone=typed.choice("time_zone", _zones(practice)),
        birth_date_purpose=typed.line("birth_date_purpose", 200),
        quiet_from=typed.time("quiet_from"),
        quiet_until=typed.time("quiet_until"),
        waiting_at_once=typed.number("waiting_at_once", 1, MOST_AT_ONCE),
    )
    typed.require_sound()
    return profile


def _specs(practice: Practice) -> list[Field]:
    return [
        Field("name", _("Name der Praxis"), needed=True),
        Field("street", _("Straße und Hausnummer")),
        Field("postal_code", _("Postleitzahl")),
        Field("city", _("Ort")),
        Field("phone", _("Telefon"), hint=_("Steht auf der Buchungsseite, wo online nichts geht.")),
        Field("listed", _("Im Verzeichnis zeigen"), kind="check", hint=_("Sonst findet nur her, wer die Adresse hat.")),
        Field(
            "subdivision",
            _("Bundesland"),
            kind="select",
            choices=tuple(STATES.items()),
            hint=_("Danach richten sich die Feiertage."),
        ),
        Field("time_zone", _("Zeitzone"), kind="select", choices=tuple((zone, zone) for zone in _zones(practice))),
        Field("quiet_from", _("Ruhe von"), kind="time"),
        Field(
            "quiet_until",
            _("Ruhe bis"),
            kind="time",
            hint=_("Solange gehen keine Erinnerungen hinaus. Zweimal dieselbe Zeit: keine Ruhezeit."),
        ),
        Field(
            "waiting_at_once",
            _("Eine frei gewordene Zeit bekommt angeboten"),
            kind="select",
            choices=tuple(AT_ONCE.items()),
            hint=_("Bei mehreren zugleich hat die Zeit, wer zuerst annimmt. Das geht schneller und enttäuscht öfter."),
        ),
        Field(
            "birth_date_purpose",
            _("Wozu das Geburtsdatum?"),
            hint=_("Der Satz steht beim Feld auf der Buchungsseite. Leer: Es wird nicht danach gefragt."),
        ),
    ]
