"""A patient's own appointment: when, what, with whom, and what can still be done with it."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit import clock
from sprechzeit.booking.errors import BookingError
from sprechzeit.booking.manage import Managed, find_managed
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.own_consents import own_consents
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.vault import Secret, link_to_text
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.shown import clinician_among

NEWS = ("neu", "verschoben")


class State(StrEnum):
    """What the page says of an appointment."""

    CHANGEABLE = "changeable"
    TOO_LATE = "too-late"
    CANCELLED = "cancelled"
    OVER = "over"


def state_of(managed: Managed) -> State:
    """Over once it has ended or the practice has closed it; from then on the link tells nothing more."""
    if managed.status == Appointment.Status.CANCELLED:
        return State.CANCELLED
    closed = {Appointment.Status.DONE, Appointment.Status.NO_SHOW}
    if managed.status in closed or managed.ends_at <= clock.now():
        return State.OVER
    return State.CHANGEABLE if managed.changeable else State.TOO_LATE


@front_page("GET")
def manage(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    managed = find_managed(PracticeId(practice.id), asked)
    return manage_page(request, practice, asked, managed)


def manage_page(
    request: HttpRequest,
    practice: Practice,
    secret: Secret,
    managed: Managed,
    *,
    problem: BookingError | None = None,
) -> HttpResponse:
    """The appointment's page, with ``problem`` on top when a change was refused."""
    text = link_to_text(secret)
    here = reverse("front:manage", args=[practice.slug, text])
    state = state_of(managed)
    context = {
        "practice": practice,
        "managed": managed,
        "visit_type": managed.visit_type,
        "clinician": clinician_among(offering(practice, managed.visit_type), managed.resource_ids),
        "state": state.value,
        "news": next((word for word in NEWS if word in request.GET), "") if state == State.CHANGEABLE else "",
        "secret": text,
        "link": settings.PUBLIC_URL + here,
        "agreed": own_consents(PracticeId(practice.id), secret) if state != State.OVER else [],
        "problem": problem,
    }
    return render(request, "front/manage.html", context, status=problem.status if problem else 200)
