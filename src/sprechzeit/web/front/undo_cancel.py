"""Take the own cancellation back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sprechzeit.booking.errors import ChangedMeanwhile, NotBookable, SlotTaken, UndoGone
from sprechzeit.booking.manage import find_managed
from sprechzeit.booking.undo_managed import undo_managed
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.web.front.asked import key_asked, manage_link_asked, start_asked
from sprechzeit.web.front.manage import manage_page
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther


@front_page("GET", "POST")
def undo_cancel(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    managed = find_managed(PracticeId(practice.id), asked)
    manage_url = reverse("front:manage", args=[slug, secret])
    if request.method != "POST":
        return SeeOther(manage_url)
    other = request.POST.get("zeit", "")
    key = key_asked(request.POST.get("schluessel", ""), other[:40])
    try:
        start = start_asked(other) if other else None
        undo_managed(PracticeId(practice.id), asked, start=start, key=key)
    except (UndoGone, SlotTaken, NotBookable, ChangedMeanwhile) as problem:
        return manage_page(request, practice, asked, managed, problem=problem)
    return SeeOther(manage_url + "?zurueck=1")
