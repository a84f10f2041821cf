"""Say that one is coming."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sprechzeit.booking.coming import will_come
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.manage import find_managed
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.manage import manage_page
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther


@front_page("GET", "POST")
def coming(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    number = PracticeId(practice.id)
    if request.method == "POST":
        try:
            will_come(number, asked)
        except NotBookable as problem:
            return manage_page(request, practice, asked, find_managed(number, asked), problem=problem)
    return SeeOther(reverse("front:manage", args=[slug, secret]))
