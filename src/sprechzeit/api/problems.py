"""Every error of the API as problem details (RFC 9457), made in this one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from sprechzeit.booking.errors import SlotTaken
from sprechzeit.errors import DomainError
from sprechzeit.guard.doors import tell_when
from sprechzeit.guard.errors import UsedUp
from sprechzeit.patients.person import InvalidPerson
from sprechzeit.staff.stop_reading import stop_token
from sprechzeit.staff.token import Bearer

PROBLEM_JSON = "application/problem+json"
TYPE = "urn:sprechzeit:problem:"
JsonObject = dict[str, Any]
Answer = Callable[[HttpRequest], HttpResponse]


class NotJson(ValueError):
    """The body does not say that it is JSON."""


class JsonOnly(Parser):
    """Takes a body that says it is JSON: no form of a foreign page can send one."""

    def parse_body(self, request: HttpRequest) -> JsonObject:
        if request.content_type != "application/json":
            raise NotJson
        return super().parse_body(request)


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
    return tell_when(problem(error.status, error.code, error.message, **more), error)


def _stopped(request: HttpRequest, error: UsedUp) -> HttpResponse:
    bearer = getattr(request, "auth", None)
    if isinstance(bearer, Bearer):
        stop_token(bearer.practice, bearer.token)
    return _domain(request, error)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": _field_of(*each["loc"]), "message": str(each["msg"])} for each in error.errors]
    return problem(422, "invalid", _("Die Angaben sind unvollständig oder falsch."), errors=errors)


def _field_of(place: str, *names: str | int) -> str:
    """The field's name as it was sent; in a body, the name of our own argument comes before it."""
    return ".".join(str(name) for name in (names[1:] if place == "body" else names))


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        answer = problem(401, "secret-needed", _("Bitte schicken Sie das Geheimnis aus dem Termin-Link mit."))
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if isinstance(error.__cause__, NotJson):
        return problem(415, "not-json", _("Die Anfrage muss application/json sein."))
    return problem(error.status_code, "request", _("Die Anfrage ist nicht lesbar."))


def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "too-large", _("Die Anfrage ist zu groß."))


def translate_errors(api: NinjaAPI) -> None:
    """Register the translations."""
    handlers: dict[type[Exception], Any] = {
        DomainError: _domain,
        UsedUp: _stopped,
        ValidationError: _invalid,
        HttpError: _http,
        RequestDataTooBig: _too_large,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def problems_only(get_response: Answer) -> Answer:
    """Middleware: what fails below ``/api/`` outside an operation (no such address, wrong method, a defect) too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        in_words = response.headers.get("Content-Type") == PROBLEM_JSON
        if response.status_code < 400 or in_words or not request.path_info.startswith("/api/"):
            return response
        answer = problem(response.status_code, *_outside(response.status_code))
        if "Allow" in response.headers:
            answer.headers["Allow"] = response.headers["Allow"]
        return answer

    return middleware


def _outside(status: int) -> tuple[str, str]:
    match status:
        case 404:
            return "not-found", _("Diese Adresse gibt es nicht.")
        case 405:
            return "method", _("Diese Adresse lässt sich nur auf andere Weise aufrufen.")
        case 500:
            return "defect", _("Der Fehler liegt bei uns und ist aufgezeichnet. Es wurde nichts halb gespeichert.")
        case _other:
            return "request", _("Die Anfrage ist nicht lesbar.")
