"""A new appointment: for a known patient found by name, or for a new one typed in the same form; planned or not."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.offer import by_day
from sprechzeit.errors import DomainError, Invalid, NotFound
from sprechzeit.identifiers import ResourceId, VisitTypeId
from sprechzeit.patients.person import InvalidPerson, Person, read_person
from sprechzeit.patients.sealed import Listed
from sprechzeit.patients.search import one_listed, search
from sprechzeit.practices.directory import resources_of, visit_types
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import back_to_day
from sprechzeit.web.desk.choices import with_missed
from sprechzeit.web.desk.clipboard import clipboard_bar
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_id, read_iso, read_moment, read_number
from sprechzeit.web.desk.move import squeezing

Type = Appointment.Type


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def new(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """``ohne=1``: somebody stands at the desk without an appointment. It begins now, and they have arrived."""
    asked = request.POST if request.method == "POST" else request.GET
    errors: dict[str, str] = {}
    taken: SlotTaken | None = None
    status = 200
    if request.method == "POST" and "suchen" not in request.POST:
        overbook = squeezing(request, session)
        try:
            return back_to_day(request, _book(request.POST, session, practice, overbook=overbook), practice)
        except InvalidPerson as invalid:
            errors, status = invalid.errors, invalid.status
        except SlotTaken as refused:
            errors, taken, status = {"start": refused.message}, refused, refused.status
        except NotFound as error:
            errors, status = {"visit_type": error.message}, 422
        except DomainError as error:
            errors, status = {error.field or "start": error.message}, error.status
    without = asked.get("ohne") == "1"
    context = {
        **_choices(asked, session, practice),
        "without": without,
        "now": _now().astimezone(practice.zone),
        "kinds": [one for one in Type.choices if not (without and one[0] == Type.ROUTINE)],
        "kind": asked.get("anlass") or (Type.WALK_IN if without else Type.ROUTINE),
        "asked": asked,
        "patients": with_missed(session, _offered(request, session, asked.get("patient"))),
        "chosen": asked.get("patient", ""),
        "errors": errors,
        "can_squeeze": taken is not None and not taken.overbook,
        "alternatives": by_day(list(taken.alternatives), practice.zone) if taken else [],
        "clipboard": clipboard_bar(session) if request.GET.get("start") else [],
        "key": secrets.token_urlsafe(16) if taken else asked.get("key") or secrets.token_urlsafe(16),
    }
    return desk_page(request, "desk/new.html", context, practice=practice, status=status)


def _choices(asked: QueryDict, session: Session, practice: Practice) -> dict[str, object]:
    """What can be chosen, and what is chosen already; a time that was refused stands in the fields."""
    start = _prefilled(asked.get("slot") or asked.get("start"), practice)
    types = visit_types(session.practice)
    return {
        "visit_types": types,
        "clinicians": [one for one in resources_of(session.practice) if one.kind == Resource.Kind.CLINICIAN],
        "visit_type": read_number(asked.get("art")) or (types[0].id if types else None),
        "resource": read_number(asked.get("bei")),
        "start": start,
        "typed_day": f"{start:%Y-%m-%d}" if start else asked.get("tag", ""),
        "typed_time": f"{start:%H:%M}" if start else asked.get("uhrzeit", ""),
    }


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


def _now() -> datetime:
    """This moment, on the five minutes begun."""
    now = clock.now()
    return now - timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)


def _book(form: QueryDict, session: Session, practice: Practice, *, overbook: bool) -> Appointment:
    without = form.get("ohne") == "1"
    resource = read_number(form.get("bei"))
    return book_at_desk(
        session.keys,
        session.actor,
        VisitTypeId(read_number(form.get("art")) or 0),
        _now() if without else _start(form, practice),
        _who(form),
        resource=ResourceId(resource) if resource else None,
        kind=form.get("anlass") or (Type.WALK_IN if without else Type.ROUTINE),
        overbook=overbook,
        arrived=without,
        key=form.get("key", ""),
    )


def _start(form: QueryDict, practice: Practice) -> datetime:
    if form.get("slot"):
        return read_iso(form.get("slot"))
    return read_moment(form.get("tag"), form.get("uhrzeit"), practice.zone)


def _who(form: QueryDict) -> UUID | Person:
    """One of those found, or somebody new; never both, lest the wrong one is booked."""
    if not form.get("patient"):
        return read_person({name: form.get(name, "") for name in form}, birth_date_purpose="desk", contact_needed=False)
    if form.get("last_name") or form.get("first_name"):
        both = _("Bitte wählen Sie jemanden aus der Liste oder nehmen Sie neu auf, nicht beides.")
        raise Invalid(both, field="patient")
    return read_id(form.get("patient"), "patient")
