"""A practice's own page: what can be booked and when, who works there, when and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from sprechzeit.booking.next_free import next_free_now
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import bookable_visit_types, clinicians_of, practice_by_slug, walk_in_types
from sprechzeit.practices.models import Insurance, VisitType
from sprechzeit.practices.offers import ACCESSIBILITY, LANGUAGES, in_words
from sprechzeit.timetable.hours import coming_hours
from sprechzeit.web.front.nearby import visit_said
from sprechzeit.web.front.problems import front_page


@dataclass(frozen=True)
class Offered:
    """A visit type with its next free start; None: nothing online at present."""

    visit_type: VisitType
    starts_at: datetime | None


@front_page("GET")
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    found = practice_by_slug(slug)
    number = PracticeId(found.id)
    with acting_for(number):
        visit_types = bookable_visit_types(number)
        starts = next_free_now(found, visit_types)
        hours = coming_hours(found, language="de" if (get_language() or "de").startswith("de") else "en")
        clinicians = clinicians_of(number)
        walk_ins = walk_in_types(number)
    context = {
        "practice": found,
        "walk_ins": walk_ins,
        "offers": [Offered(one, starts[one.id]) for one in visit_types],
        "clinicians": clinicians,
        "hours": hours if any(day.spans for day in hours) else [],
        "languages_spoken": in_words(found.languages, LANGUAGES),
        "accessibility": in_words(found.accessibility, ACCESSIBILITY),
        "insurances": in_words(found.insurances, dict(Insurance.choices)),
        "visit": visit_said(request.GET),
        "all_insurances": not found.insurances,
    }
    return render(request, "front/practice.html", context)
