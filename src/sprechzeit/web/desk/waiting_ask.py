"""Put a patient of the records on the waiting list, without an appointment: for what, and what suits."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sprechzeit.booking.patient_card import patient_card
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import VisitTypeId
from sprechzeit.practices.directory import clinicians_of, visit_types
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.waiting.errors import NotForTheList
from sprechzeit.waiting.join import join_at_desk
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.wishes_form import read_wishes, wishes_context


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def put_patient_on(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            chosen = _chosen(request, session)
            wishes = read_wishes(request.POST, clinicians_of(session.practice))
            join_at_desk(session.keys, session.actor, patient, VisitTypeId(chosen.id), wishes)
            return redirect("desk:waiting-list")
        except (Invalid, NotForTheList) as refused:
            problem = refused
    card = patient_card(session.keys, session.actor, patient)
    context = {
        "patient": patient,
        "person": card.record.person,
        "visit_types": _online(session),
        "chosen": request.POST.get("visit_type", ""),
        "problem": problem,
        "errors": {problem.field: problem.message} if problem and problem.field else {},
        **wishes_context(request, None, clinicians_of(session.practice)),
    }
    return desk_page(
        request, "desk/waiting_ask.html", context, practice=practice, status=problem.status if problem else 200
    )


def _online(session: Session) -> list[VisitType]:
    """What is offered is what can be booked online."""
    return [one for one in visit_types(session.practice) if one.online]


def _chosen(request: HttpRequest, session: Session) -> VisitType:
    text = request.POST.get("visit_type", "")
    found = next((one for one in _online(session) if str(one.id) == text), None)
    if found is None:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="visit_type")
    return found
