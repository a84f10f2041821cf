"""The desk's part of the API, for programs of the practice: ``Authorization: Bearer szp_…``.

Each operation needs one scope; it stands in the OpenAPI document as ``x-scope``, where the matrix reads it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.security import HttpBearer
from pydantic import Field

from sprechzeit.api.problems import Problem
from sprechzeit.api.schemas import AppointmentStatus, In
from sprechzeit.booking.day import appointments_of_day
from sprechzeit.errors import DomainError
from sprechzeit.guard.doors import failures_limited
from sprechzeit.guard.limits import SECRET_BY_ADDRESS
from sprechzeit.patients.search import search
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.token import Bearer, Scope, open_token

ERRORS = {400: Problem, 401: Problem, 403: Problem, 422: Problem, 429: Problem}


class ScopeMissing(DomainError):
    """The token was made for other things."""

    code = "scope-missing"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Dieser Zugang darf das nicht."))


class TokenAuth(HttpBearer):
    """A token of the practice, with the scope that the operation needs."""

    openapi_scheme = "bearer"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        try:
            with failures_limited(SECRET_BY_ADDRESS, LoginRefused):
                bearer = open_token(token)
        except LoginRefused:
            return None
        if self.scope.value not in bearer.scopes:
            raise ScopeMissing
        return bearer


class DeskAppointmentOut(Schema):
    id: UUID
    start: datetime
    end: datetime
    status: AppointmentStatus
    visit_type: int
    resources: list[int]
    name: str = Field(description="Last name, first name; opened with the token's key")
    birth_year: str
    unread: bool = Field(description="Booked online and not taken over into the records yet")
    version: int


class SearchIn(In):
    q: str = Field(
        min_length=1, max_length=100, description="Any part of a name, a birth date, or digits of a phone number"
    )


class PatientOut(Schema):
    id: UUID
    last_name: str
    first_name: str
    birth_date: str
    phone: str


desk = Router(tags=["desk"])


def bearer_of(request: HttpRequest) -> Bearer:
    """Who calls; raises ``LoginRefused`` where no token was asked for."""
    bearer = getattr(request, "auth", None)
    if not isinstance(bearer, Bearer):
        raise LoginRefused
    return bearer


@desk.get(
    "/appointments",
    auth=TokenAuth(Scope.CALENDAR_READ),
    response={200: list[DeskAppointmentOut], **ERRORS},
    openapi_extra={"x-scope": Scope.CALENDAR_READ.value},
    summary="The appointments of one local day, names opened; it is recorded in the practice's trail",
)
def list_appointments(
    request: HttpRequest, day: Annotated[date, Query(description="Local day of the practice")]
) -> list[dict[str, Any]]:
    bearer = bearer_of(request)
    entries = appointments_of_day(bearer.keys, bearer.actor, Practice.objects.get(id=bearer.practice), day)
    return [
        {
            "id": one.appointment.id,
            "start": one.appointment.starts_at,
            "end": one.appointment.ends_at,
            "status": one.appointment.status,
            "visit_type": one.appointment.visit_type_id,
            "resources": one.appointment.resource_ids,
            "name": one.who.name,
            "birth_year": one.who.birth_year,
            "unread": one.who.unread,
            "version": one.appointment.version,
        }
        for one in entries
    ]


@desk.post(
    "/patients/search",
    auth=TokenAuth(Scope.PATIENTS_SEARCH),
    response={200: list[PatientOut], 413: Problem, 415: Problem, **ERRORS},
    openapi_extra={"x-scope": Scope.PATIENTS_SEARCH.value},
    summary="Find patients; what is searched for stands in the body, as an address would keep it",
)
def search_patients(request: HttpRequest, asked: SearchIn) -> Any:
    bearer = bearer_of(request)
    return search(bearer.keys, bearer.actor, asked.q)
