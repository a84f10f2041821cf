"""When patients are reminded of a visit type, and what they read after it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.furnishing.visit_type_messages import (
    LONGEST,
    MOST_HOURS,
    MOST_MONTHS,
    MOST_SAME_DAY,
    Messages,
    change_messages,
)
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import attempt
from sprechzeit.web.desk.settings.typed import Typed


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def visit_type_messages(request: HttpRequest, session: Session, practice: Practice, visit_type: int) -> HttpResponse:
    row = any_visit_type(session.practice, visit_type)

    def save(typed: Typed, agreed: str) -> None:
        change_messages(session.practice, session.actor, visit_type, _read(typed))

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:visit-type-messages', args=[visit_type])}?gespeichert=1")
    context = {
        "visit_type": row,
        "practice": practice,
        "fields": fields(_specs(), request, refusal, _stored(row)),
        "refusal": refusal,
        "saved": "gespeichert" in request.GET,
    }
    status = refusal.status if refusal else 200
    return desk_page(request, "desk/settings/visit_type_messages.html", context, practice=practice, status=status)


def _read(typed: Typed) -> Messages:
    messages = Messages(
        reminder_hours=_hours(typed, "reminder_hours"),
        follow_up_hours=typed.optional_number("follow_up_hours", 1, MOST_HOURS),
        follow_up_de=typed.text("follow_up_de", LONGEST),
        follow_up_en=typed.text("follow_up_en", LONGEST),
        recall_months=typed.optional_number("recall_months", 1, MOST_MONTHS),
        second_reminder_hours=typed.optional_number("second_reminder_hours", 1, MOST_SAME_DAY),
    )
    typed.require_sound()
    return messages


def _hours(typed: Typed, name: str) -> list[int]:
    """Numbers parted by commas or blanks, the earliest reminder first."""
    numbers = [read_number(one) for one in typed.line(name, 60).replace(",", " ").split()]
    hours = [one for one in numbers if one is not None]
    if len(hours) != len(numbers):
        typed.errors[name] = gettext("Bitte ganze Zahlen, durch Komma getrennt, wie 48, 3.")
    return sorted(hours, reverse=True)


def _stored(row: VisitType) -> dict[str, str]:
    return {
        "reminder_hours": ", ".join(map(str, row.reminder_hours)),
        "follow_up_hours": "" if row.follow_up_hours is None else str(row.follow_up_hours),
        "follow_up_de": row.follow_up_de,
        "follow_up_en": row.follow_up_en,
        "recall_months": "" if row.recall_months is None else str(row.recall_months),
        "second_reminder_hours": "" if row.second_reminder_hours is None else str(row.second_reminder_hours),
    }


def _specs() -> list[Field]:
    hours = _("Stunden")
    return [
        Field(
            "reminder_hours",
            _("Erinnern vor Beginn"),
            unit=hours,
            hint=_("Bis zu drei Zeiten, durch Komma getrennt, wie 48, 3. Leer: Es wird nicht erinnert."),
        ),
        Field(
            "second_reminder_hours",
            _("Zweite Erinnerung am Tag selbst anbieten"),
            kind="number",
            unit=_("Stunden vor Beginn"),
            hint=_("Patienten kreuzen beim Buchen oder beim Termin an, ob sie sie möchten. Leer: nicht angeboten."),
        ),
        Field("follow_up_hours", _("Schreiben nach dem Ende"), kind="number", unit=hours, hint=_("Leer: nichts.")),
        Field(
            "follow_up_de",
            _("Text auf Deutsch"),
            kind="area",
            hint=_("Allgemeines, das für alle gilt: Der Text steht offen in der E-Mail. Nennen Sie keine Behandlung."),
        ),
        Field("follow_up_en", _("Text auf Englisch"), kind="area", hint=_("Leer: wie auf Deutsch.")),
        Field(
            "recall_months",
            _("Zur nächsten Kontrolle einladen"),
            kind="number",
            unit=_("Monate nach dem letzten Termin"),
            hint=_("Nur wer zugestimmt hat, steht dann auf der Liste der Kontrollen. Leer: niemand."),
        ),
    ]
