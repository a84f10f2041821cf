"""A new appointment: for a known patient found by name, or for a new one typed in the same form."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.offer import by_day
from sprechzeit.booking.suggest import suggest
from sprechzeit.errors import DomainError, Invalid, NotFound
from sprechzeit.identifiers import ResourceId, VisitTypeId
from sprechzeit.patients.person import InvalidPerson, Person, read_person
from sprechzeit.patients.sealed import Listed
from sprechzeit.patients.search import one_listed, search
from sprechzeit.practices.directory import resources_of, visit_types
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.availability import Slot
from sprechzeit.web.desk.appointment import back_to_day
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_id, read_iso, read_moment, read_number


@require_http_methods(["GET", "POST"])
@for_members(Permission.PATIENTS)
def find_patient(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The search's results; as choices where a form asks (``wahl=1``), else as a list.

    What is searched for is sent in the body: an address would keep the name.
    """
    text = request.POST.get("q", "")
    found = search(session.keys, session.actor, text)
    context = {"patients": found, "q": text, "choosing": request.POST.get("wahl") == "1"}
    return desk_page(request, "desk/patients.html", context, practice=practice)


@require_GET
@for_members(Permission.CALENDAR)
def free_times(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The next free times of a visit type, as choices."""
    visit_type = read_number(request.GET.get("art"))
    resource = read_number(request.GET.get("bei"))
    days = []
    if visit_type is not None:
        chosen = ResourceId(resource) if resource else None
        days = by_day(suggest(session.practice, VisitTypeId(visit_type), clock.now(), resource=chosen), practice.zone)
    return desk_page(request, "desk/times.html", {"days": days}, practice=practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def new(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    errors: dict[str, str] = {}
    alternatives: tuple[Slot, ...] = ()
    status = 200
    if request.method == "POST" and "suchen" not in request.POST:
        try:
            return back_to_day(request, _book(request, session, practice), practice)
        except InvalidPerson as invalid:
            errors, status = invalid.errors, invalid.status
        except SlotTaken as taken:
            errors, alternatives, status = {"start": taken.message}, taken.alternatives, taken.status
        except NotFound as error:
            errors, status = {"visit_type": error.message}, 422
        except DomainError as error:
            errors, status = {error.field or "start": error.message}, error.status
    start = _prefilled(asked.get("start"), practice)
    types = visit_types(session.practice)
    context = {
        "visit_types": types,
        "clinicians": [one for one in resources_of(session.practice) if one.kind == Resource.Kind.CLINICIAN],
        "visit_type": read_number(asked.get("art")) or (types[0].id if types else None),
        "resource": read_number(asked.get("bei")),
        "typed_day": asked.get("tag") or (start.date().isoformat() if start else ""),
        "typed_time": asked.get("uhrzeit") or (f"{start:%H:%M}" if start else ""),
        "asked": asked,
        "patients": _offered(request, session, asked.get("patient")),
        "chosen": asked.get("patient", ""),
        "errors": errors,
        "alternatives": by_day(list(alternatives), practice.zone),
        "key": asked.get("key") or secrets.token_urlsafe(16),
    }
    return desk_page(request, "desk/new.html", context, practice=practice, status=status)


def _prefilled(text: str | None, practice: Practice) -> datetime | None:
    try:
        return read_iso(text).astimezone(practice.zone)
    except DomainError:
        return None


def _offered(request: HttpRequest, session: Session, chosen: str | None) -> list[Listed]:
    """Who was searched for, and before them who is chosen already, by a patient's card or by the form itself."""
    found = search(session.keys, session.actor, request.POST.get("q", ""))
    if not chosen or chosen in {str(one.id) for one in found}:
        return found
    try:
        return [*one_listed(session.keys, session.actor, read_id(chosen, "patient")), *found]
    except Invalid:
        return found


def _book(request: HttpRequest, session: Session, practice: Practice) -> Appointment:
    form = request.POST
    if form.get("slot"):
        start = read_iso(form["slot"])
    else:
        start = read_moment(form.get("tag"), form.get("uhrzeit"), practice.zone)
    resource = read_number(form.get("bei"))
    who: UUID | Person
    if form.get("patient"):
        who = read_id(form["patient"], "patient")
    else:
        who = read_person(form.dict(), birth_date_purpose="desk", contact_needed=False)
    return book_at_desk(
        session.keys,
        session.actor,
        VisitTypeId(read_number(form.get("art")) or 0),
        start,
        who,
        resource=ResourceId(resource) if resource else None,
        key=form.get("key", ""),
    )
