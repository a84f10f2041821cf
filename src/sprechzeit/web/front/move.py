"""Move one's own appointment to another time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sprechzeit.booking.errors import ChangedMeanwhile, NotBookable, SlotTaken, TooLate
from sprechzeit.booking.manage import State, find_managed
from sprechzeit.booking.move import move_managed
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.web.front.asked import clinician_asked, day_asked, key_asked, manage_link_asked, part_asked, start_asked
from sprechzeit.web.front.choose import Choice, offering, times_page
from sprechzeit.web.front.manage import manage_page
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther
from sprechzeit.web.front.shown import clinician_among

TEMPLATE = "front/move.html"


@front_page("GET", "POST")
def move(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    asked = manage_link_asked(secret)
    managed = find_managed(PracticeId(practice.id), asked)
    manage_url = reverse("front:manage", args=[slug, secret])
    if request.method != "POST" and managed.state != State.CHANGEABLE:
        return SeeOther(manage_url)
    sent = request.POST if request.method == "POST" else request.GET
    clinicians = offering(practice, managed.visit_type)
    present = clinician_among(clinicians, managed.resource_ids)
    here = reverse("front:move", args=[slug, secret])
    choice = Choice(
        practice=practice,
        visit_type=managed.visit_type,
        # whoever moves usually wants to stay with the same clinician
        clinician=clinician_asked(clinicians, sent["bei"]) if "bei" in sent else present,
        since=day_asked(sent.get("ab", "")),
        part=part_asked(sent.get("tageszeit", "")),
        here=here,
        send_to=here,
    )
    shown: dict[str, Any] = {"managed": managed, "present": present, "manage_url": manage_url}
    if request.method != "POST":
        return times_page(request, TEMPLATE, choice, **shown)
    key = key_asked(sent.get("schluessel", ""), sent.get("zeit", "")[:40], choice.whom)
    try:
        start = start_asked(sent.get("zeit", ""))
        move_managed(PracticeId(practice.id), asked, start, resource=choice.resource, key=key)
    except (NotBookable, SlotTaken) as problem:
        return times_page(request, TEMPLATE, choice, problem=problem, **shown)
    except (TooLate, ChangedMeanwhile) as problem:
        return manage_page(request, practice, asked, managed, problem=problem)
    return SeeOther(manage_url + "?verschoben=1")
