"""Erase a patient: a page that lists what goes and what stays, and then it is gone."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sprechzeit.booking.erase_patient import erase_patient, what_goes
from sprechzeit.errors import DomainError
from sprechzeit.patients.errors import ComingAppointments, PatientChanged, Restricted
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.patient import read_version, visit_row


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS, step_up=True)
def erase(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            erase_patient(
                session.keys,
                session.actor,
                patient,
                version=read_version(request),
                cancel_coming="cancel_coming" in request.POST,
                key=request.POST.get("key", ""),
            )
            return desk_page(request, "desk/patient_erased.html", {}, practice=practice)
        except (ComingAppointments, PatientChanged, Restricted) as refused:
            problem = refused
    goes = what_goes(session.keys, session.actor, patient)
    context = {
        "patient": patient,
        "record": goes.card.record,
        "person": goes.card.record.person,
        "coming": [visit_row(one, practice) for one in goes.card.coming],
        "intakes": goes.intakes,
        "appointments": goes.appointments,
        "merged": goes.card.merged_at is not None,
        "problem": problem,
        "cancel_coming": "cancel_coming" in request.POST,
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/patient_erase.html", context, practice=practice, status=status)
