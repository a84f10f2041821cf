"""Prove the passkey again: the ceremony behind the page that ``for_members(step_up=True)`` shows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from sprechzeit.errors import DomainError
from sprechzeit.guard.doors import spend_here
from sprechzeit.guard.limits import LOGIN_BY_ADDRESS
from sprechzeit.practices.models import Practice
from sprechzeit.staff.passkey import login_options
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.staff.step_up import PURPOSE, prove_again
from sprechzeit.web.desk.door import for_members
from sprechzeit.web.desk.login import json_problem, read_json, relying_party


@require_POST
@for_members(Permission.OWN_SECURITY)
def step_up_begin(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return JsonResponse(login_options(relying_party(), PURPOSE))


@require_POST
@for_members(Permission.OWN_SECURITY)
def step_up_finish(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    try:
        spend_here(LOGIN_BY_ADDRESS)
        prove_again(relying_party(), session, read_json(request))
    except DomainError as error:
        return json_problem(error)
    return JsonResponse({})
