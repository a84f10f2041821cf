"""A practice's page: where it is, who works there, what can be booked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import bookable_visit_types, clinicians_of, practice_by_slug
from sprechzeit.web.front.problems import front_page


@front_page("GET")
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    found = practice_by_slug(slug)
    number = PracticeId(found.id)
    return render(
        request,
        "front/practice.html",
        {"practice": found, "visit_types": bookable_visit_types(number), "clinicians": clinicians_of(number)},
    )
