"""Bookings from the patients' side: the list of unread ones, take one over, or refuse it."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit.booking.accept import accept
from sprechzeit.booking.card import card_of
from sprechzeit.booking.inbox import inbox
from sprechzeit.booking.refuse import LONGEST, refuse
from sprechzeit.booking.written import written
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.patients.errors import PatientError
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import appointment_page
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_id, read_number
from sprechzeit.web.desk.patient import read_version


@require_GET
@for_members(Permission.INTAKE)
def show_inbox(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    unread = [
        {
            "id": one.appointment.id,
            "person": one.person,
            "visit_type": one.appointment.visit_type,
            "start": one.appointment.starts_at.astimezone(practice.zone),
            "booked": one.appointment.created_at.astimezone(practice.zone),
        }
        for one in inbox(session.keys, session.actor)
    ]
    notes = [
        {
            "appointment": one.appointment,
            "who": one.who,
            "note": one.note,
            "start": one.appointment.starts_at.astimezone(practice.zone),
            "sent_at": one.note.created_at.astimezone(practice.zone),
        }
        for one in written(session.keys, session.actor)
    ]
    context = {"unread": unread, "written": notes}
    return desk_page(request, "desk/inbox.html", context, practice=practice)


@require_POST
@for_members(Permission.INTAKE)
def take_over(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    """Into the record of ``patient``, or without one into a new record."""
    form = request.POST
    try:
        accept(
            session.keys,
            session.actor,
            appointment,
            patient=read_id(form["patient"], "patient") if form.get("patient") else None,
            update=form.getlist("update"),
            version=read_number(form.get("version")) or 0,
        )
    except (PatientError, Invalid) as error:
        return appointment_page(request, session, practice, appointment, error)
    return redirect("desk:appointment", appointment)


@require_http_methods(["GET", "POST"])
@for_members(Permission.INTAKE)
def refuse_booking(request: HttpRequest, session: Session, practice: Practice, appointment: UUID) -> HttpResponse:
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            refuse(
                session.keys,
                session.actor,
                appointment,
                request.POST.get("message", ""),
                version=read_version(request),
                key=request.POST.get("key", ""),
            )
            return redirect("desk:inbox")
        except Invalid as invalid:
            problem = invalid
    card = card_of(session.keys, session.actor, appointment)
    context = {
        "card": card,
        "appointment": card.appointment,
        "start": card.appointment.starts_at.astimezone(practice.zone),
        "possible": card.unread and card.appointment.is_open,
        "message": request.POST.get("message", ""),
        "longest": LONGEST,
        "problem": problem,
        "version": read_number(request.POST.get("version")) or card.appointment.version,
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/refuse.html", context, practice=practice, status=status)
