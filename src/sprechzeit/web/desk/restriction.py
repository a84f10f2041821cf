"""Lift the restriction of processing, once the patient has been told (GDPR Art. 18(3))."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sprechzeit.booking.patient_card import patient_card
from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice
from sprechzeit.rights.restrict import Told, lift_restriction, told_asked
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members

WAYS: dict[Told, Promise | str] = {
    Told.MESSAGE: _("mit einer Nachricht"),
    Told.PHONE: _("am Telefon"),
    Told.IN_PERSON: _("im Gespräch"),
    Told.LETTER: _("mit einem Brief"),
}


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS, step_up=True)
def lift(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    problem: Invalid | None = None
    if request.method == "POST":
        try:
            lift_restriction(session.practice, session.actor, patient, told_asked(request.POST.get("told", "")))
            return redirect("desk:patient", patient)
        except Invalid as invalid:
            problem = invalid
    card = patient_card(session.keys, session.actor, patient)
    coming = next((one.appointment.starts_at.astimezone(practice.zone) for one in card.coming), None)
    context = {
        "patient": patient,
        "person": card.record.person,
        "restricted_at": card.record.restricted_at,
        "coming": coming,
        "ways": [(one.value, name, one.value == request.POST.get("told")) for one, name in WAYS.items()],
        "problem": problem,
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/restriction.html", context, practice=practice, status=status)
