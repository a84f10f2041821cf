"""Record what a patient asks for by phone, in person or by letter."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sprechzeit import clock
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice
from sprechzeit.rights.ask import ask_at_desk, kind_asked, source_asked
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.text import LONGEST, read_wish
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members

SOURCES = [(one.value, one.label) for one in RightsRequest.Source if one != RightsRequest.Source.LINK]


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS)
def enter_request(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    problem: Invalid | None = None
    if request.method == "POST":
        try:
            return redirect("desk:rights-request", _enter(request, session, patient))
        except Invalid as invalid:
            problem = invalid
    sent = request.POST
    context = {
        "patient": patient,
        "person": patient_card(session.keys, session.actor, patient).record.person,
        "kinds": RightsRequest.Kind.choices,
        "sources": SOURCES,
        "kind": sent.get("kind", ""),
        "source": sent.get("source", ""),
        "received": sent.get("received") or clock.now().astimezone(practice.zone).date().isoformat(),
        "text": sent.get("text", ""),
        "longest": LONGEST,
        "problem": problem,
        "key": sent.get("key") or secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/rights_entry.html", context, practice=practice, status=status)


def _enter(request: HttpRequest, session: Session, patient: UUID) -> UUID:
    sent = request.POST
    kind, source = kind_asked(sent.get("kind", "")), source_asked(sent.get("source", ""))
    text = read_wish(sent.get("text", ""), needed=False)
    try:
        received = date.fromisoformat(sent.get("received", ""))
    except ValueError:
        raise Invalid(_("Bitte geben Sie den Tag an, an dem der Antrag kam."), field="received") from None
    return ask_at_desk(
        session.practice, session.actor, patient, kind, source, received, text, key=sent.get("key", "")
    )  # fmt: skip  # lines grouped by hand
