"""Find a practice: the results of the search, as an address that can be kept and sent on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.practices.models import Insurance
from sprechzeit.practices.offers import ACCESSIBILITY, LANGUAGES
from sprechzeit.practices.search import FIRST, RADII, Results, occurring, search
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.search_asked import NEAREST, Asked, after_as_text, after_asked, search_asked

COUNT = 20


@front_page("GET")
def results(request: HttpRequest) -> HttpResponse:
    asked = search_asked(request.GET)
    after = after_asked(request.GET.get("nach", ""))
    found = Results() if asked.place_error else search(asked.wanted, after=after, count=COUNT)
    context = {
        **form_context(asked),
        "found": found,
        "is_first": after == FIRST,
        "more_query": asked.query(nach=after_as_text(found.after)) if found.after else "",
        "by_time_query": asked.query(reihenfolge=""),
        "by_distance_query": asked.query(reihenfolge=NEAREST),
        "wider": _wider(asked) if not found.total else None,
    }
    return render(request, "front/search.html", context, status=422 if asked.place_error else 200)


def form_context(asked: Asked) -> dict[str, Any]:
    """What the form draws: choices that lead to somebody, and what is chosen."""
    specialties, spoken = occurring()
    if asked.wanted.specialty and asked.wanted.specialty not in specialties:
        specialties = sorted([*specialties, asked.wanted.specialty])
    return {
        "asked": asked,
        "chosen": asked.chosen,
        "specialties": specialties,
        "languages_spoken": [(code, name) for code, name in LANGUAGES.items() if code in spoken],
        "accessibility": ACCESSIBILITY.items(),
        "insurances": Insurance.choices,
        "radii": RADII,
    }


def _wider(asked: Asked) -> dict[str, Any] | None:
    """The smallest larger radius in which there is somebody; None where there is none."""
    if asked.wanted.place is None:
        return None
    for radius in RADII:
        if radius > asked.wanted.radius:
            total = search(replace(asked.wanted, radius=radius), count=1).total
            if total:
                return {"radius": radius, "total": total, "query": asked.query(umkreis=str(radius))}
    return None
