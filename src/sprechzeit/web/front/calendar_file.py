"""The appointment for the patient's own calendar (RFC 5545).

Calendars lie in clouds and on shared screens: the entry names the practice, never the kind of visit, and does
not hold the link with which the appointment can be changed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from sprechzeit import clock
from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.manage import Managed, find_managed
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.manage import State, state_of
from sprechzeit.web.front.problems import front_page


@front_page("GET")
def calendar_file(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    managed = find_managed(PracticeId(practice.id), manage_link_asked(secret))
    if state_of(managed) == State.OVER:
        raise AppointmentNotFound
    answer = HttpResponse(calendar_of(practice, managed), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="' + _("termin.ics") + '"'
    return answer


def calendar_of(practice: Practice, managed: Managed) -> bytes:
    """One event in UTC. A later download of the same appointment replaces it: same UID, higher SEQUENCE."""
    event = Event()
    event.add("uid", f"{managed.id}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", managed.version - 1)
    event.add("dtstamp", clock.now())
    event.add("dtstart", managed.starts_at)
    event.add("dtend", managed.ends_at)
    event.add("summary", _("Termin: %(practice)s") % {"practice": practice.name})
    town = f"{practice.postal_code} {practice.city}".strip()
    event.add("location", ", ".join(part for part in (practice.street, town) if part))
    if practice.phone:
        event.add("description", _("Praxis: %(phone)s") % {"phone": practice.phone})
    event.add("status", "CANCELLED" if state_of(managed) == State.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Sprechzeit//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
