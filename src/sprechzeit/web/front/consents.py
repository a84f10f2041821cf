"""Withdraw a consent, or give it again, on the appointment's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sprechzeit.booking.own_consents import give_own, withdraw_own
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.consent import purpose_asked
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.problems import front_page
from sprechzeit.web.front.see_other import SeeOther


@front_page("POST")
def change_consent(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = PracticeId(practice_by_slug(slug).id)
    asked = manage_link_asked(secret)
    purpose = purpose_asked(request.POST.get("purpose", ""))
    change = give_own if request.POST.get("step") == "give" else withdraw_own
    change(practice, asked, purpose)
    return SeeOther(reverse("front:manage", args=[slug, secret]) + "#einwilligungen")
