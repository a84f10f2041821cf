"""The profile for patients: what they search by, what they are asked for, imprint and privacy notice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sprechzeit.furnishing.public_profile import (
    LONGEST_DIRECTIONS,
    LONGEST_IMPRINT,
    PublicProfile,
    change_public_profile,
)
from sprechzeit.practices.legal import missing_in_imprint, missing_in_privacy_notice
from sprechzeit.practices.models import Insurance, Practice
from sprechzeit.practices.offers import ACCESSIBILITY, LANGUAGES
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import attempt
from sprechzeit.web.desk.settings.typed import Typed

LISTS = ("languages", "accessibility", "insurances")
SWITCHES = ("accepts_new", "confirm_email")
PURPOSES = ("phone_purpose", "insurance_purpose", "note_purpose")
TEXTS = ("website", "directions_de", "directions_en", "responsible", "imprint", "privacy_contact", *PURPOSES)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def public_profile(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    def save(typed: Typed, agreed: str) -> None:
        change_public_profile(session.practice, session.actor, _read(typed))

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:settings-public-profile')}?gespeichert=1")
    context = {
        "fields": fields(_specs(), request, refusal, _stored(practice)),
        "refusal": refusal,
        "saved": "gespeichert" in request.GET,
        "missing_in_imprint": missing_in_imprint(practice),
        "missing_in_privacy_notice": missing_in_privacy_notice(practice),
    }
    return desk_page(
        request,
        "desk/settings/public_profile.html",
        context,
        practice=practice,
        status=refusal.status if refusal else 200,
    )


def _stored(practice: Practice) -> dict[str, str]:
    return {
        **{name: ",".join(getattr(practice, name)) for name in LISTS},
        **{name: "1" if getattr(practice, name) else "" for name in SWITCHES},
        **{name: getattr(practice, name) for name in TEXTS},
    }


def _read(typed: Typed) -> PublicProfile:
    profile = PublicProfile(
        languages=typed.choices("languages", LANGUAGES),
        accessibility=typed.choices("accessibility", ACCESSIBILITY),
        insurances=typed.choices("insurances", Insurance.values),
        accepts_new=typed.checked("accepts_new"),
        website=typed.line("website", 200),
        directions_de=typed.text("directions_de", LONGEST_DIRECTIONS),
        directions_en=typed.text("directions_en", LONGEST_DIRECTIONS),
        responsible=typed.line("responsible", 200),
        imprint=typed.text("imprint", LONGEST_IMPRINT),
        privacy_contact=typed.line("privacy_contact", 300),
        phone_purpose=typed.line("phone_purpose", 200),
        insurance_purpose=typed.line("insurance_purpose", 200),
        note_purpose=typed.line("note_purpose", 200),
        confirm_email=typed.checked("confirm_email"),
    )
    typed.require_sound()
    return profile


def _specs() -> list[Field]:
    not_asked = _("Der Satz steht beim Feld. Leer: Es wird nicht danach gefragt.")
    return [
        Field("languages", _("Sprachen in der Praxis"), kind="checks", choices=tuple(LANGUAGES.items())),
        Field(
            "accessibility",
            _("Barrierefreiheit"),
            kind="checks",
            choices=tuple(ACCESSIBILITY.items()),
            hint=_("Kreuzen Sie nur an, was wirklich da ist."),
        ),
        Field(
            "insurances",
            _("Wen behandelt die Praxis?"),
            kind="checks",
            choices=tuple(Insurance.choices),
            hint=_("Nichts angekreuzt: alle."),
        ),
        Field("accepts_new", _("Nimmt neue Patienten auf"), kind="check"),
        Field("website", _("Website der Praxis")),
        Field("directions_de", _("So kommen Patienten zu Ihnen"), kind="area", hint=_("Haltestelle, Parken, Klingel.")),
        Field("directions_en", _("Dasselbe auf Englisch"), kind="area", hint=_("Leer: wie auf Deutsch.")),
        Field("phone_purpose", _("Wozu die Telefonnummer?"), hint=not_asked),
        Field("insurance_purpose", _("Wozu die Versicherung?"), hint=not_asked),
        Field("note_purpose", _("Wozu eine Anmerkung?"), hint=_("Ein freies Feld, immer freiwillig. Leer: Es fehlt.")),
        Field(
            "confirm_email",
            _("E-Mail-Adresse mit einem Code bestätigen"),
            kind="check",
            hint=_("Eine Buchung gilt erst, wenn der Code eingegeben ist: weniger Tippfehler, weniger Scherze."),
        ),
        Field("responsible", _("Wer verantwortet die Praxis?"), hint=_("Wie im Impressum: Inhaber, Gesellschaft.")),
        Field(
            "imprint",
            _("Weitere Angaben im Impressum"),
            kind="area",
            hint=_("E-Mail-Adresse, Kammer, Berufsbezeichnung mit Staat, Berufsordnung, Aufsicht (§ 5 DDG)."),
        ),
        Field(
            "privacy_contact",
            _("Ansprechpartner für den Datenschutz"),
            hint=_("Datenschutzbeauftragte, wenn es sie gibt, sonst wer antwortet; mit Adresse."),
        ),
    ]
