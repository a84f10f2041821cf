"""The privacy notice of a practice's booking page (Art. 13 GDPR), made of what the practice asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sprechzeit.messages.channels import can_sms
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.practices.models import Practice
from sprechzeit.web.front.imprint import host_name
from sprechzeit.web.front.problems import front_page


@dataclass(frozen=True)
class Purpose:
    """A field that the practice has switched on, and its reason in the practice's own words."""

    what: str
    why: str


@front_page("GET")
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    context = {
        "practice": practice,
        "host": host_name(),
        "purposes": purposes_of(practice),
        "sends_sms": can_sms(practice),
        "authority": AUTHORITIES.get(practice.subdivision) or _("die Datenschutzbehörde Ihres Bundeslandes"),
    }
    return render(request, "front/privacy.html", context)


def purposes_of(practice: Practice) -> list[Purpose]:
    """What is asked beyond name and e-mail address, in the order of the form."""
    asked = (
        (_("Geburtsdatum"), practice.birth_date_purpose),
        (_("Telefonnummer"), practice.phone_purpose),
        (_("Versicherung"), practice.insurance_purpose),
        (_("Anmerkung"), practice.note_purpose),
    )
    return [Purpose(what, why) for what, why in asked if why]
