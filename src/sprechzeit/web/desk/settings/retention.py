"""How long the practice keeps what."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sprechzeit.audit.values import VALUES
from sprechzeit.practices.models import Practice
from sprechzeit.retention.change import change_rules
from sprechzeit.retention.errors import WouldDelete
from sprechzeit.retention.rules import LEAST, MOST, Rules, rules_of
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import Refusal, attempt
from sprechzeit.web.desk.settings.typed import Typed

SPECS = [
    Field("keep_intake_days", _("Angaben aus Online-Buchungen"), kind="number", unit=_("Tage nach dem Termin")),
    Field(
        "keep_patient_days",
        _("Patienten"),
        kind="number",
        unit=_("Tage nach dem letzten Termin"),
        hint=_("Leer: Es wird nur gelöscht, wen Sie selbst löschen."),
    ),
    Field("keep_appointment_days", _("Termine ohne Person"), kind="number", unit=_("Tage nach dem Termin")),
    Field("keep_trail_days", _("Protokoll der Zugriffe"), kind="number", unit=_("Tage")),
]


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS, step_up=True)
def retention(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    asked: WouldDelete | None = None

    def save(typed: Typed, agreed: str) -> None:
        nonlocal asked
        try:
            change_rules(session.practice, session.actor, _read(typed), agreed=agreed)
        except WouldDelete as error:
            asked = error

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if asked is not None:
        refusal = Refusal(asked.status)
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:settings-retention')}?gespeichert=1")
    context = {
        "fields": fields(SPECS, request, refusal, _stored(rules_of(session.practice))),
        "refusal": refusal,
        "asked": asked,
        "counts": [(VALUES[kind], count) for kind, count in asked.counts.items()] if asked else [],
        "saved": "gespeichert" in request.GET,
    }
    status = refusal.status if refusal else 200
    return desk_page(request, "desk/settings/retention.html", context, practice=practice, status=status)


def _read(typed: Typed) -> Rules:
    days = {name: typed.number(name, least, MOST) for name, least in LEAST.items() if name != "keep_patient_days"}
    patient = typed.optional_number("keep_patient_days", LEAST["keep_patient_days"], MOST)
    typed.require_sound()
    return Rules(keep_patient_days=patient, **days)


def _stored(rules: Rules) -> Mapping[str, str]:
    return {name: "" if days is None else str(days) for name, days in vars(rules).items()}
