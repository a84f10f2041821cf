"""One appointment: look at it, mark it, move it, cancel it."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.card import Card, card_of
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.offer import by_day
from sprechzeit.booking.status import mark
from sprechzeit.booking.suggest import suggest
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import ResourceId, VisitTypeId
from sprechzeit.practices.directory import clinicians_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.availability import Slot
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.matches import suggestions
from sprechzeit.web.desk.moment import read_iso, read_moment, read_number

S = Appointment.Status
STEP_NAMES = {
    S.BOOKED: gettext_lazy("Doch noch nicht da"),
    S.ARRIVED: gettext_lazy("Eingetroffen"),
    S.IN_TREATMENT: gettext_lazy("In Behandlung"),
    S.DONE: gettext_lazy("Fertig"),
    S.NO_SHOW: gettext_lazy("Nicht erschienen"),
}
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
    day = appointment.starts_at.astimezone(practice.zone).date()
    return redirect(f"{reverse('desk:day')}?tag={day.isoformat()}#t-{appointment.id}")


def _version(request: HttpRequest) -> int:
    version = read_number(request.POST.get("version"))
    if version is None:
        raise Invalid(_("Die Anfrage war unvollständig."))
    return version


def _card(card: Card, practice: Practice) -> dict[str, object]:
    return {
        "card": card,
        "appointment": card.appointment,
        "starts": card.appointment.starts_at.astimezone(practice.zone),
        "ends": card.appointment.ends_at.astimezone(practice.zone),
        "status_name": STATUS_NAMES[S(card.appointment.status)],
        "steps": [(step.value, name) for step, name in STEP_NAMES.items() if step in card.steps],
        "key": secrets.token_urlsafe(16),
    }


@require_GET
@for_members(Permission.CALENDAR)
def show(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    return appointment_page(request, session, practice, appointment)


def appointment_page(
    request: HttpRequest, session: Session, practice: Practice, appointment: UUID, problem: DomainError | None = None
) -> HttpResponse:
    """The appointment's card, with ``problem`` on top when something asked for on it was refused."""
    card = card_of(session.keys, session.actor, appointment)
    context = {**_card(card, practice), "problem": problem, "suggestions": suggestions(session, card)}
    status = problem.status if problem else 200
    return desk_page(request, "desk/appointment.html", context, practice=practice, status=status)


@require_POST
@for_members(Permission.BOOK)
def set_mark(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    changed = mark(
        session.practice,
        session.actor,
        appointment,
        request.POST.get("status", ""),
        version=_version(request),
        key=request.POST.get("key", ""),
    )
    return back_to_day(request, changed, practice)


@require_POST
@for_members(Permission.BOOK)
def cancel(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    changed = cancel_appointment(
        session.practice, session.actor, appointment, version=_version(request), key=request.POST.get("key", "")
    )
    return back_to_day(request, changed, practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def move(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    card = card_of(session.keys, session.actor, appointment)
    asked = request.POST if request.method == "POST" else request.GET
    resource = read_number(asked.get("bei"))
    error: Invalid | SlotTaken | None = None
    alternatives: tuple[Slot, ...] = ()
    if request.method == "POST":
        try:
            start = read_iso(asked["start"]) if asked.get("start") else _typed(request, practice)
            changed = move_appointment(
                session.practice,
                session.actor,
                appointment,
                start,
                version=_version(request),
                resource=ResourceId(resource) if resource else None,
                key=asked.get("key", ""),
            )
            return back_to_day(request, changed, practice)
        except SlotTaken as taken:
            error, alternatives = taken, taken.alternatives
        except Invalid as invalid:
            error = invalid
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
        **_card(card, practice),
        "error": error,
        "alternatives": by_day(list(alternatives), practice.zone),
        "days": by_day(slots, practice.zone),
        "clinicians": clinicians_of(session.practice, type_id),
        "chosen": resource,
        "typed_day": asked.get("tag", ""),
        "typed_time": asked.get("uhrzeit", ""),
    }
    return desk_page(request, "desk/move.html", context, practice=practice, status=error.status if error else 200)


def _typed(request: HttpRequest, practice: Practice) -> datetime:
    return read_moment(request.POST.get("tag"), request.POST.get("uhrzeit"), practice.zone)
