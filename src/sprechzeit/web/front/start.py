"""The start page: what this is, the search, and who has something free next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.practices.search import Wanted, search
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.search import form_context
from sprechzeit.web.front.search_asked import Asked

COUNT = 6


@front_page("GET")
def start(request: HttpRequest) -> HttpResponse:
    asked = Asked(Wanted())
    context = {**form_context(asked), "found": search(asked.wanted, count=COUNT)}
    return render(request, "front/start.html", context)
