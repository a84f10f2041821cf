"""The page behind an invitation link: make a passkey, or use the one that is there, and join the practice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import DomainError, Invalid
from sprechzeit.guard.doors import failures_limited
from sprechzeit.guard.limits import SECRET_BY_ADDRESS
from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import InvitationRefused
from sprechzeit.staff.invite import read_invitation
from sprechzeit.staff.join import join_practice, join_with_known_passkey
from sprechzeit.staff.membership import NAME_LENGTH
from sprechzeit.staff.passkey import login_options, registration_options
from sprechzeit.staff.session import resume
from sprechzeit.web.desk.door import set_cookie
from sprechzeit.web.desk.login import json_problem, key_of, read_json, relying_party


@require_GET
@ensure_csrf_cookie
def invitation(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/invitation.html", {"name_length": NAME_LENGTH})


@require_POST
def invitation_begin(request: HttpRequest) -> HttpResponse:
    try:
        body = read_json(request)
        with failures_limited(SECRET_BY_ADDRESS, InvitationRefused):
            found = read_invitation(body.get("invitation", ""))
    except DomainError as error:
        return json_problem(error)
    practice = Practice.objects.get(id=found.practice)
    known = body.get("known") is True
    party = relying_party()
    options = login_options(party) if known else registration_options(party, new_id(), name=practice.name)
    return JsonResponse({**options, "practice": practice.name})


@require_POST
def invitation_finish(request: HttpRequest) -> HttpResponse:
    try:
        body = read_json(request)
        join = join_with_known_passkey if body.get("known") is True else join_practice
        with failures_limited(SECRET_BY_ADDRESS, InvitationRefused):
            cookie = join(relying_party(), body.get("invitation", ""), body, name=_name(body.get("name")))
    except DomainError as error:
        return json_problem(error)
    response = JsonResponse({"next": reverse("desk:day"), "key": key_of(resume(cookie))})
    set_cookie(response, cookie)
    return response


def _name(given: object) -> str:
    name = given.strip() if isinstance(given, str) else ""
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(_("Bitte geben Sie Ihren Namen ein, höchstens 80 Zeichen."), field="name")
    return name
