"""A patient's own appointment: when, what, with whom, and what can still be done with it."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sprechzeit import clock
from sprechzeit.booking.errors import BookingError, SlotTaken
from sprechzeit.booking.manage import Managed, State, find_managed
from sprechzeit.booking.own_consents import own_consents
from sprechzeit.booking.second_reminder import may_ask_for_it
from sprechzeit.booking.video import video_at
from sprechzeit.booking.write_to_practice import may_answer, may_correct_contact
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.channels import can_mail
from sprechzeit.patients.consent import WORDINGS, P
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.practices.outside import outside
from sprechzeit.vault import Secret, link_to_text
from sprechzeit.waiting.ask import live_entry
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.nearby import Visit
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.shown import clinician_among

NEWS = ("neu", "verschoben", "zurueck", "kontakt", "geschrieben", "warten", "nicht-warten")
TELLING = {State.CHANGEABLE, State.TOO_LATE, State.CANCELLED}


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
    state = managed.state
    stands = state in {State.CHANGEABLE, State.TOO_LATE}
    agreed = own_consents(PracticeId(practice.id), secret) if state in TELLING else []
    standing = [one.purpose for one in agreed if one.until is None]
    context = {
        **visit_context(practice, managed),
        "state": state.value,
        "news": next((word for word in NEWS if word in request.GET), "") if state in TELLING else "",
        "secret": text,
        # In a frame too, this is the address outside of it.
        "link": settings.PUBLIC_URL + outside("front:manage", practice.slug, text),
        "agreed": agreed,
        "again": WORDINGS[P.REMINDER_AGAIN]
        if stands and may_ask_for_it(managed.visit_type, standing, [one.purpose for one in agreed])
        else "",
        "video": video_at(managed.visit_type, managed.starts_at, managed.ends_at) if stands else None,
        "another_url": _another_url(practice, managed),
        "may_correct": may_correct_contact(managed),
        "may_answer": may_answer(managed),
        "can_mail": can_mail(practice),
        "waits": live_entry(PracticeId(practice.id), managed.id) if state == State.CHANGEABLE else None,
        "minutes_left": _minutes_left(managed) if state == State.CANCELLED else 0,
        "key": secrets.token_urlsafe(16),
        "problem": problem,
        "alternatives": problem.alternatives if isinstance(problem, SlotTaken) else (),
    }
    return render(request, "front/manage.html", context, status=problem.status if problem else 200)


def visit_context(practice: Practice, managed: Managed) -> dict[str, Any]:
    """What every page about one appointment shows of it."""
    return {
        "practice": practice,
        "managed": managed,
        "visit_type": managed.visit_type,
        "clinician": clinician_among(offering(practice, managed.visit_type), managed.resource_ids),
    }


def _another_url(practice: Practice, managed: Managed) -> str:
    """To the practice, with this visit's time: a second one at the same time is noticed. It names nobody."""
    home = reverse("front:practice", args=[practice.slug])
    return f"{home}?{Visit(managed.starts_at, managed.ends_at).query}"


def _minutes_left(managed: Managed) -> int:
    """Whole minutes in which the cancellation can be taken back, the begun one counted."""
    until = managed.take_back_until
    return max(0, -int((clock.now() - until).total_seconds() // 60)) if until else 0
