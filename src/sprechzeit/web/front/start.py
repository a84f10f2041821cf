"""The start page: what this is, and the practices that want to be found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sprechzeit.practices.directory import listed_practices
from sprechzeit.web.front.asked import text_asked
from sprechzeit.web.front.problems import front_page

COUNT = 100


@front_page("GET")
def start(request: HttpRequest) -> HttpResponse:
    after = text_asked(request.GET.get("nach", ""))
    practices = listed_practices(after=after, count=COUNT)
    more_after = practices[-1].name if len(practices) == COUNT else ""
    return render(request, "front/start.html", {"practices": practices, "after": after, "more_after": more_after})
