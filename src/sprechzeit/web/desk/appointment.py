"""One appointment: look at it, mark it, cancel it."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sprechzeit.audit.words import sentence
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.card import Card, card_of
from sprechzeit.booking.errors import AppointmentNotFound, ChangedMeanwhile
from sprechzeit.booking.meanwhile import changed_since
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.resize import CAN_CHANGE
from sprechzeit.booking.rooms import rooms_now
from sprechzeit.booking.status import mark
from sprechzeit.booking.video import video_of
from sprechzeit.booking.written import notes_on
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.matches import suggestions
from sprechzeit.web.desk.moment import read_number

S = Appointment.Status
STEP_NAMES = {
    S.IN_TREATMENT: gettext_lazy("In Behandlung"),
    S.DONE: gettext_lazy("Fertig"),
    S.ARRIVED: gettext_lazy("Eingetroffen"),
    S.NO_SHOW: gettext_lazy("Nicht erschienen"),
    S.BOOKED: gettext_lazy("Doch noch nicht da"),
}
"""In this order on the card: of the steps that a status allows, the usual one comes first."""
STATUS_NAMES = {
    S.BOOKED: gettext_lazy("gebucht"),
    S.ARRIVED: gettext_lazy("eingetroffen"),
    S.IN_TREATMENT: gettext_lazy("in Behandlung"),
    S.DONE: gettext_lazy("fertig"),
    S.NO_SHOW: gettext_lazy("nicht erschienen"),
    S.CANCELLED: gettext_lazy("abgesagt"),
}


def back_to_day(request: HttpRequest, appointment: Appointment, practice: Practice) -> HttpResponse:
    """The day of the appointment, at its place; a script that shows the day already is told to look again."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "desk:refresh"})
    if request.POST.get("zurueck") == "heute":
        return redirect("desk:today")
    day = appointment.starts_at.astimezone(practice.zone).date()
    return redirect(f"{reverse('desk:day')}?tag={day.isoformat()}#t-{appointment.id}")


def read_version(request: HttpRequest) -> int:
    """The version that the page had; raises ``Invalid`` when it was not sent."""
    version = read_number(request.POST.get("version"))
    if version is None:
        raise Invalid(_("Die Anfrage war unvollständig."))
    return version


def card_context(card: Card, practice: Practice) -> dict[str, object]:
    """What every page about one appointment shows."""
    appointment = card.appointment
    return {
        "card": card,
        "appointment": appointment,
        "starts": appointment.starts_at.astimezone(practice.zone),
        "ends": appointment.ends_at.astimezone(practice.zone),
        "minutes": int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60,
        "can_resize": appointment.status in CAN_CHANGE,
        "status_name": STATUS_NAMES[S(appointment.status)],
        "steps": [(step.value, name) for step, name in STEP_NAMES.items() if step in card.steps],
        "key": secrets.token_urlsafe(16),
    }


def own_room(card: Card) -> int | None:
    """The room that was booked with the appointment."""
    return next((one.id for one in card.resources if one.kind == Resource.Kind.ROOM), None)


def meanwhile(request: HttpRequest, session: Session, appointment: UUID, error: DomainError | None) -> list[object]:
    """In words what somebody else changed, for whoever was refused because of it."""
    seen = read_number(request.POST.get("version"))
    if not isinstance(error, ChangedMeanwhile) or seen is None:
        return []
    zone = session.home.zone
    return [
        {"what": sentence(one.action), "at": one.at.astimezone(zone), "by": one.by}
        for one in changed_since(session.keys, appointment, seen)
    ]


@require_GET
@for_members(Permission.CALENDAR)
def show(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    return appointment_page(request, session, practice, appointment)


def appointment_page(
    request: HttpRequest,
    session: Session,
    practice: Practice,
    appointment: UUID,
    problem: DomainError | None = None,
    **typed: object,
) -> HttpResponse:
    """The appointment's card, with ``problem`` on top when something asked for on it was refused.

    ``typed`` is what stood in the form that was refused: nothing typed is lost.
    """
    card = card_of(session.keys, session.actor, appointment)
    treated = card.appointment.status == S.IN_TREATMENT
    context = {
        **card_context(card, practice),
        "problem": problem,
        "suggestions": suggestions(session, card),
        "rooms": rooms_now(session.practice) if S.IN_TREATMENT in card.steps or treated else (),
        "chosen_room": card.appointment.treated_in_id or own_room(card),
        "meanwhile": meanwhile(request, session, appointment, problem),
        "from_patient": [
            (one, one.created_at.astimezone(practice.zone)) for one in notes_on(session.keys, appointment)
        ],
        "video": video_of(card.appointment),
        **typed,
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/appointment.html", context, practice=practice, status=status)


@require_POST
@for_members(Permission.BOOK)
def set_mark(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    status, key = request.POST.get("status", ""), request.POST.get("key", "")
    version = read_version(request)
    chosen = read_number(request.POST.get("room"))
    room = ResourceId(chosen) if chosen else None
    try:
        changed = mark(session.practice, session.actor, appointment, status, version=version, room=room, key=key)
    except AppointmentNotFound:
        raise
    except DomainError as error:
        return appointment_page(request, session, practice, appointment, error)
    return back_to_day(request, changed, practice)


@require_POST
@for_members(Permission.BOOK)
def cancel(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    version, key = read_version(request), request.POST.get("key", "")
    try:
        changed = cancel_appointment(session.practice, session.actor, appointment, version=version, key=key)
    except AppointmentNotFound:
        raise
    except DomainError as error:
        return appointment_page(request, session, practice, appointment, error)
    return back_to_day(request, changed, practice)
