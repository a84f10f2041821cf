"""Every error of the API as problem details (RFC 9457), made in this one place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from sprechzeit.booking.errors import SlotTaken
from sprechzeit.errors import DomainError
from sprechzeit.patients.person import InvalidPerson

PROBLEM_JSON = "application/problem+json"
TYPE = "urn:sprechzeit:problem:"
JsonObject = dict[str, Any]


class FieldProblem(Schema):
    """What is wrong with one field; never the value that was sent."""

    field: str
    message: str


class Problem(Schema):
    """Problem details (RFC 9457). ``alternatives`` are starts that are free instead, with ``slot-taken``."""

    type: str
    title: str
    status: int
    errors: list[FieldProblem] = []
    alternatives: list[str] = []


def problem(status: int, code: str, title: str, **more: Any) -> HttpResponse:
    """An answer with problem details."""
    body = {"type": TYPE + code, "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON)


def _domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    more: JsonObject = {}
    if isinstance(error, InvalidPerson):
        more["errors"] = [{"field": field, "message": message} for field, message in error.errors.items()]
    elif error.field:
        more["errors"] = [{"field": error.field, "message": error.message}]
    if isinstance(error, SlotTaken):
        more["alternatives"] = [slot.start.isoformat() for slot in error.alternatives]
    return problem(error.status, error.code, error.message, **more)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"field": ".".join(str(part) for part in each["loc"][1:] if part != "body"), "message": str(each["msg"])}
        for each in error.errors
    ]
    return problem(422, "invalid", _("Die Angaben sind unvollständig oder falsch."), errors=errors)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "request", _("Die Anfrage ist nicht lesbar."))


def translate_errors(api: NinjaAPI) -> None:
    """Register the translations."""
    handlers: dict[type[Exception], Any] = {DomainError: _domain, ValidationError: _invalid, HttpError: _http}
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
