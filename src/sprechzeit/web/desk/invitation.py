"""The page behind an invitation link: make a passkey, join the practice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.errors import DomainError
from sprechzeit.identifiers import new_id
from sprechzeit.patients.person import NAME_LENGTH
from sprechzeit.staff.invite import read_invitation
from sprechzeit.staff.join import join_practice
from sprechzeit.staff.passkey import registration_options
from sprechzeit.web.desk.door import set_cookie
from sprechzeit.web.desk.login import json_problem, read_json, relying_party


@require_GET
@ensure_csrf_cookie
def invitation(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/invitation.html", {"name_length": NAME_LENGTH})


@require_POST
def invitation_begin(request: HttpRequest) -> HttpResponse:
    try:
        read_invitation(read_json(request).get("invitation", ""))
    except DomainError as error:
        return json_problem(error)
    return JsonResponse(registration_options(relying_party(), new_id()))


@require_POST
def invitation_finish(request: HttpRequest) -> HttpResponse:
    try:
        body = read_json(request)
        name = str(body.get("name", "")).strip()[:NAME_LENGTH]
        cookie = join_practice(relying_party(), body.get("invitation", ""), body, name=name)
    except DomainError as error:
        return json_problem(error)
    response = JsonResponse({"next": reverse("desk:day")})
    set_cookie(response, cookie)
    return response
