"""What patients ask for: the list of what is not answered, one request, and its steps."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from sprechzeit import clock
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.practices.models import Practice
from sprechzeit.rights.check_identity import check_identity
from sprechzeit.rights.close import REFUSALS, finish, refuse
from sprechzeit.rights.due import Urgency, due_on
from sprechzeit.rights.errors import IdentityUnchecked, NotInRecords, RequestClosed, TooLateToExtend
from sprechzeit.rights.extend import delay_asked, extend
from sprechzeit.rights.identity import read_identity
from sprechzeit.rights.listing import Asked, answered_requests, open_requests
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.read import open_request
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.access import WAYS
from sprechzeit.web.desk.door import desk_page, for_members

URGENCIES: dict[Urgency, Promise | str] = {Urgency.OVERDUE: _("überfällig"), Urgency.SOON: _("bald fällig")}
IDENTITIES = {one.value: name for one, name in WAYS.items()}
Problem = Invalid | IdentityUnchecked | NotInRecords | RequestClosed | TooLateToExtend
PROBLEMS = (Invalid, IdentityUnchecked, NotInRecords, RequestClosed, TooLateToExtend)


@require_GET
@for_members(Permission.RECORDS)
def show_requests(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    context = {
        "open": [_row(one) for one in open_requests(session.keys, session.actor, practice)],
        "answered": [_row(one) for one in answered_requests(session.keys, session.actor, practice)],
    }
    return desk_page(request, "desk/rights.html", context, practice=practice)


@require_GET
@for_members(Permission.RECORDS)
def show_request(request: HttpRequest, session: Session, practice: Practice, asked: UUID) -> HttpResponse:
    return _page(request, session, practice, asked)


@require_POST
@for_members(Permission.RECORDS)
def check(request: HttpRequest, session: Session, practice: Practice, asked: UUID) -> HttpResponse:
    try:
        check_identity(session.practice, session.actor, asked, read_identity(request.POST.get("identity", "")))
    except PROBLEMS as problem:
        return _page(request, session, practice, asked, problem)
    return redirect("desk:rights-request", asked)


@require_POST
@for_members(Permission.RECORDS)
def extend_time(request: HttpRequest, session: Session, practice: Practice, asked: UUID) -> HttpResponse:
    try:
        extend(session.practice, session.actor, asked, delay_asked(request.POST.get("delay", "")))
    except PROBLEMS as problem:
        return _page(request, session, practice, asked, problem)
    return redirect("desk:rights-request", asked)


@require_POST
@for_members(Permission.RECORDS)
def finish_request(request: HttpRequest, session: Session, practice: Practice, asked: UUID) -> HttpResponse:
    try:
        finish(session.practice, session.actor, asked)
    except PROBLEMS as problem:
        return _page(request, session, practice, asked, problem)
    return redirect("desk:rights-request", asked)


@require_POST
@for_members(Permission.RECORDS)
def refuse_request(request: HttpRequest, session: Session, practice: Practice, asked: UUID) -> HttpResponse:
    try:
        refuse(session.practice, session.actor, asked, request.POST.get("refusal", ""))
    except PROBLEMS as problem:
        return _page(request, session, practice, asked, problem)
    return redirect("desk:rights-request", asked)


def _row(one: Asked) -> dict[str, object]:
    return {
        "request": one.request,
        "who": one.who,
        "urgency": one.urgency.value,
        "urgency_name": URGENCIES.get(one.urgency, "") if one.request.is_open else "",
    }


def _page(
    request: HttpRequest, session: Session, practice: Practice, asked: UUID, problem: DomainError | None = None
) -> HttpResponse:
    found = open_request(session.keys, session.actor, practice, asked)
    row, today = found.request, clock.now().astimezone(practice.zone).date()
    context = {
        "found": found,
        "row": row,
        "appointment": row.appointment,
        "is_forgotten": found.patient is None and (row.appointment is None or row.appointment.intake_id is None),
        "urgency_name": URGENCIES.get(found.urgency, "") if row.is_open else "",
        "identity_name": IDENTITIES.get(row.identity, ""),
        "ways": [(one.value, name, one.value == row.identity) for one, name in WAYS.items()],
        "refusals": [(one.value, one.label) for one in REFUSALS[RightsRequest.Kind(row.kind)]],
        "delays": RightsRequest.Delay.choices,
        "can_extend": row.is_open and not row.delay and today <= row.due_on,
        "extended_to": due_on(row.received_on, extended=True),
        "checked_by": found.team.get(str(row.identity_by), ""),
        "entered_by": found.team.get(str(row.entered_by), ""),
        "closed_by": found.team.get(str(row.closed_by), ""),
        "is_by_link": row.source == RightsRequest.Source.LINK,
        "authority": AUTHORITIES.get(practice.subdivision, ""),
        "problem": problem,
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/rights_request.html", context, practice=practice, status=status)
