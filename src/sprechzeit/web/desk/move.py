"""Move an appointment to a suggested or a typed time, or where it was dropped."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sprechzeit import clock
from sprechzeit.booking.card import card_of
from sprechzeit.booking.errors import AppointmentNotFound, SlotTaken
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.offer import by_day
from sprechzeit.booking.suggest import suggest
from sprechzeit.errors import DomainError
from sprechzeit.identifiers import ResourceId, VisitTypeId
from sprechzeit.practices.directory import clinicians_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission, require_allowed
from sprechzeit.staff.session import Session
from sprechzeit.timetable.availability import Slot
from sprechzeit.web.desk.appointment import back_to_day, card_context, meanwhile, read_version
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_iso, read_moment, read_number


def squeezing(request: HttpRequest, session: Session) -> bool:
    """Whether the button "Trotzdem einschieben" was pressed; whoever may not is refused."""
    if "einschieben" not in request.POST:
        return False
    require_allowed(session.role, Permission.OVERBOOK)
    return True


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def move(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    resource = read_number(asked.get("bei"))
    error: DomainError | None = None
    alternatives: tuple[Slot, ...] = ()
    if request.method == "POST":
        overbook = squeezing(request, session)
        try:
            chosen = asked.get("einschieben") or asked.get("start")  # the button names the time that was refused
            typed = asked.get("tag"), asked.get("uhrzeit")
            start = read_iso(chosen) if chosen else read_moment(*typed, practice.zone)
            changed = move_appointment(
                session.practice,
                session.actor,
                appointment,
                start,
                version=read_version(request),
                resource=ResourceId(resource) if resource else None,
                overbook=overbook,
                key=asked.get("key", ""),
            )
            return back_to_day(request, changed, practice)
        except AppointmentNotFound:
            raise
        except SlotTaken as taken:
            error, alternatives = taken, taken.alternatives
        except DomainError as refused:
            error = refused
    card = card_of(session.keys, session.actor, appointment)
    type_id = VisitTypeId(card.appointment.visit_type_id)
    slots = suggest(
        session.practice,
        type_id,
        clock.now(),
        resource=ResourceId(resource) if resource else None,
        ignoring=appointment,
        count=18,
    )
    context = {
        **card_context(card, practice),
        "error": error,
        "meanwhile": meanwhile(request, session, appointment, error),
        "can_squeeze": isinstance(error, SlotTaken) and not error.overbook,
        "refused_start": asked.get("start", ""),
        "alternatives": by_day(list(alternatives), practice.zone),
        "days": by_day(slots, practice.zone),
        "clinicians": clinicians_of(session.practice, type_id),
        "chosen": resource,
        "typed_day": asked.get("tag", ""),
        "typed_time": asked.get("uhrzeit", ""),
    }
    return desk_page(request, "desk/move.html", context, practice=practice, status=error.status if error else 200)
