"""The JSON API: the same functions as the pages, for anybody, without any credential but the link's secrets."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Status
from ninja.openapi.schema import OpenAPISchema

from sprechzeit.api.desk import desk
from sprechzeit.api.inputs import BODY_ERRORS, CHANGE_ERRORS, ERRORS, Repeatable, Slug, VisitTypeKey
from sprechzeit.api.managed import managed
from sprechzeit.api.problems import PROBLEM_JSON, JsonOnly, translate_errors
from sprechzeit.api.schemas import (
    BookedOut,
    BookIn,
    ClaimsIn,
    ClinicianOut,
    CodeIn,
    CodeSentOut,
    HoldIn,
    HoldOut,
    PracticeOut,
    ReleaseIn,
    SlotOut,
    SlotsOut,
    VisitTypeOut,
)
from sprechzeit.booking.asked_of import asked_of, birth_date_purpose
from sprechzeit.booking.claims import Claims
from sprechzeit.booking.code_by_mail import ask_for_code, confirm_code
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.errors import CodeNeeded, CodeWrong, HoldNotFound
from sprechzeit.booking.hold import find_hold, hold, release
from sprechzeit.booking.offer import offered
from sprechzeit.errors import NotFound
from sprechzeit.guard.contacts import require_contact_left
from sprechzeit.guard.doors import failures_limited, spend_here
from sprechzeit.guard.limits import BOOKING_BY_ADDRESS, BOOKING_OF_SITE, MANAGE_BY_ADDRESS
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.patients.person import read_person
from sprechzeit.practices.directory import (
    bookable_visit_types,
    clinicians_of,
    listed_practices,
    practice_by_slug,
    visit_type_by_id,
)
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import Secret, link_from_text, link_to_text

PERSONAL = {"first_name", "last_name", "email", "phone", "birth_date", "insurance", "message", "booker"}


class Api(NinjaAPI):
    """Errors are documented as what they are: ``application/problem+json``."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in answer.get("content", {}):
                        answer["content"] = {PROBLEM_JSON: answer["content"].pop("application/json")}
        return schema


api = Api(
    title="Sprechzeit",
    version="1",
    description="Book, read, move and cancel appointments. What is sent about a person is sealed to the practice's "
    "public key in the same request and can be read by the practice alone. Errors are problem details (RFC 9457).",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
    parser=JsonOnly(),
)
translate_errors(api)
api.add_router("/desk", desk)
api.add_router("", managed)


@api.get("/practices", response={200: list[PracticeOut], **ERRORS}, summary="Practices that want to be found, by name")
def list_practices(
    request: HttpRequest,
    after: Annotated[str, Query(max_length=120, description="Name of the last one of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[Practice]:
    if "\0" in after:
        raise NotFound(_("Hier gibt es keine weiteren Praxen."))
    return listed_practices(after=after, count=limit)


@api.get("/practices/{slug}", response={200: PracticeOut, **ERRORS}, summary="One practice")
def read_practice(request: HttpRequest, slug: Slug) -> Practice:
    return practice_by_slug(slug)


@api.get(
    "/practices/{slug}/visit-types",
    response={200: list[VisitTypeOut], **ERRORS},
    summary="What can be booked online, and with whom",
)
def list_visit_types(request: HttpRequest, slug: Slug) -> list[VisitTypeOut]:
    practice = PracticeId(practice_by_slug(slug).id)
    return [_visit_type_out(practice, visit_type) for visit_type in bookable_visit_types(practice)]


def _visit_type_out(practice: PracticeId, visit_type: VisitType) -> VisitTypeOut:
    clinicians = clinicians_of(practice, VisitTypeId(visit_type.id))
    return VisitTypeOut(
        id=visit_type.id,
        name_de=visit_type.name_de,
        name_en=visit_type.name_en,
        duration_minutes=visit_type.duration_minutes,
        clinicians=[ClinicianOut(id=one.id, name=one.name, specialty=one.specialty) for one in clinicians],
    )


@api.get(
    "/practices/{slug}/visit-types/{visit_type}/slots",
    response={200: SlotsOut, **ERRORS},
    summary="Free slots of the next days that have any",
)
def list_slots(
    request: HttpRequest,
    slug: Slug,
    visit_type: VisitTypeKey,
    since: Annotated[date | None, Query(description="First local day to look at; today when left out")] = None,
    days: Annotated[int, Query(ge=1, le=31, description="How many days with free slots")] = 7,
    resource: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only with this clinician")] = None,
) -> SlotsOut:
    practice = practice_by_slug(slug)
    found = visit_type_by_id(PracticeId(practice.id), visit_type)
    if not found.online:
        raise NotFound(_("Diese Terminart kann nicht online gebucht werden."))
    chosen = ResourceId(resource) if resource else None
    offer = offered(practice, found, since=since, days=days, resource=chosen)
    slots = [
        SlotOut(start=slot.start, end=slot.end, resources=list(slot.resources[0] if slot.resources else ()))
        for day in offer.days
        for slot in day.slots
    ]
    return SlotsOut(slots=slots, more_from=offer.more_from)


@api.post(
    "/practices/{slug}/holds",
    response={201: HoldOut, **CHANGE_ERRORS},
    summary="Reserve a slot for ten minutes",
)
def create_hold(request: HttpRequest, slug: Slug, asked: HoldIn, idempotency_key: Repeatable = "") -> Any:
    practice = PracticeId(practice_by_slug(slug).id)
    spend_here(BOOKING_BY_ADDRESS, BOOKING_OF_SITE)
    held = hold(
        practice,
        VisitTypeId(asked.visit_type),
        asked.start,
        resource=ResourceId(asked.resource) if asked.resource else None,
        claims=_claims(asked.claims),
        key=idempotency_key,
    )
    answer = HoldOut(hold=link_to_text(held.secret), start=held.starts_at, end=held.ends_at, expires_at=held.expires_at)
    return Status(201, answer)


@api.post("/practices/{slug}/holds/release", response={204: None, **BODY_ERRORS}, summary="Give a reserved slot back")
def release_hold(request: HttpRequest, slug: Slug, asked: ReleaseIn) -> Any:
    release(PracticeId(practice_by_slug(slug).id), link_from_text(asked.hold))
    return Status(204, None)


@api.post(
    "/practices/{slug}/appointments",
    response={201: BookedOut, 202: CodeSentOut, **CHANGE_ERRORS},
    summary="Book what is held; repeating the call with the same hold gives the same appointment",
)
def create_appointment(request: HttpRequest, slug: Slug, asked: BookIn) -> Any:
    practice = practice_by_slug(slug)
    number, secret = PracticeId(practice.id), link_from_text(asked.hold)
    how = _how_it_is_asked(practice, secret)
    person = read_person(asked.model_dump(include=PERSONAL), **how)
    claims = _claims(asked.claims)
    require_contact_left(person.email or person.phone)
    with failures_limited(MANAGE_BY_ADDRESS, HoldNotFound):
        try:
            booked = confirm(number, secret, person, claims=claims, source="api", consents=asked.consents)
        except CodeNeeded:
            ask_for_code(number, secret, person, claims=claims, consents=asked.consents)
            return Status(202, CodeSentOut(code_sent=True))
    return Status(201, BookedOut(id=booked.appointment_id, manage_secret=link_to_text(booked.manage_secret)))


@api.post(
    "/practices/{slug}/appointments/code",
    response={201: BookedOut, **CHANGE_ERRORS},
    summary="Confirm the e-mail address by the code that was mailed: then it is booked",
)
def confirm_by_code(request: HttpRequest, slug: Slug, asked: CodeIn) -> Any:
    practice = PracticeId(practice_by_slug(slug).id)
    with failures_limited(MANAGE_BY_ADDRESS, HoldNotFound, CodeWrong):
        booked = confirm_code(
            practice, link_from_text(asked.hold), asked.code, claims=_claims(asked.claims), source="api"
        )
    return Status(201, BookedOut(id=booked.appointment_id, manage_secret=link_to_text(booked.manage_secret)))


def _claims(asked: ClaimsIn) -> Claims:
    return Claims(**asked.model_dump())


def _how_it_is_asked(practice: Practice, hold_secret: Secret) -> dict[str, Any]:
    """What the visit type of the hold asks; of a hold that is booked already the answer does not matter any more."""
    try:
        visit_type = find_hold(PracticeId(practice.id), hold_secret).visit_type
    except HoldNotFound:
        return {"birth_date_purpose": ""}
    return {
        "birth_date_purpose": birth_date_purpose(practice, visit_type),
        "asked": asked_of(practice, visit_type),
    }
