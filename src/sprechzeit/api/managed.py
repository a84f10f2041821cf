"""The part of the API for who has an appointment: by its manage secret."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja import Router
from ninja.security import HttpBearer

from sprechzeit.api.inputs import MANAGED_ERRORS, Repeatable, Slug
from sprechzeit.api.schemas import AppointmentOut, AppointmentStatus, MoveIn
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.manage import Managed, find_managed
from sprechzeit.booking.move import move_managed
from sprechzeit.guard.doors import failures_limited
from sprechzeit.guard.limits import MANAGE_BY_ADDRESS
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.vault import Secret, link_from_text

managed = Router()


class ManageLink(HttpBearer):
    """``Authorization: Bearer <manage secret>``; not in the address, where logs would keep it."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Secret | None:
        try:
            return link_from_text(token)
        except ValueError:
            return None


@managed.get(
    "/practices/{slug}/appointment",
    auth=ManageLink(),
    response={200: AppointmentOut, **MANAGED_ERRORS},
    summary="The appointment of this manage secret",
)
def read_appointment(request: HttpRequest, slug: Slug) -> AppointmentOut:
    with failures_limited(MANAGE_BY_ADDRESS, AppointmentNotFound):
        return _appointment_out(find_managed(PracticeId(practice_by_slug(slug).id), _secret(request)))


@managed.post(
    "/practices/{slug}/appointment/move",
    auth=ManageLink(),
    response={200: AppointmentOut, **MANAGED_ERRORS},
    summary="Move it to another free slot",
)
def move_appointment(
    request: HttpRequest, slug: Slug, asked: MoveIn, idempotency_key: Repeatable = ""
) -> AppointmentOut:
    resource = ResourceId(asked.resource) if asked.resource else None
    practice = PracticeId(practice_by_slug(slug).id)
    with failures_limited(MANAGE_BY_ADDRESS, AppointmentNotFound):
        return _appointment_out(
            move_managed(practice, _secret(request), asked.start, resource=resource, key=idempotency_key)
        )


@managed.post(
    "/practices/{slug}/appointment/cancel",
    auth=ManageLink(),
    response={200: AppointmentOut, **MANAGED_ERRORS},
    summary="Cancel it; the slot is free at once",
)
def cancel_appointment(request: HttpRequest, slug: Slug, idempotency_key: Repeatable = "") -> AppointmentOut:
    practice = PracticeId(practice_by_slug(slug).id)
    with failures_limited(MANAGE_BY_ADDRESS, AppointmentNotFound):
        return _appointment_out(cancel_managed(practice, _secret(request), key=idempotency_key))


def _secret(request: HttpRequest) -> Secret:
    secret = getattr(request, "auth", None)
    if not isinstance(secret, Secret):
        raise AppointmentNotFound
    return secret


def _appointment_out(found: Managed) -> AppointmentOut:
    return AppointmentOut(
        id=found.id,
        visit_type=found.visit_type.id,
        start=found.starts_at,
        end=found.ends_at,
        status=cast(AppointmentStatus, found.status),
        resources=list(found.resource_ids),
        changeable=found.changeable,
        change_until=found.change_until,
        version=found.version,
    )
