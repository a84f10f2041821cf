"""The appointment for the patient's own calendar (RFC 5545).

Calendars lie in clouds and on shared screens: the entry names the practice, never the kind of visit, and does
not hold the link with which the appointment can be changed.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.manage import Managed, State, find_managed
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.calendar import calendar_with, event_of
from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.models import Practice
from sprechzeit.web.front.asked import manage_link_asked
from sprechzeit.web.front.problems import front_page


@front_page("GET")
def calendar_file(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    managed = find_managed(PracticeId(practice.id), manage_link_asked(secret))
    if managed.state in {State.OVER, State.GONE}:
        raise AppointmentNotFound
    answer = HttpResponse(calendar_of(practice, managed), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="' + _("termin.ics") + '"'
    return answer


def calendar_of(practice: Practice, managed: Managed) -> bytes:
    """One event in UTC. A later download of the same appointment replaces it: same UID, higher SEQUENCE."""
    event = event_of(
        practice,
        managed.id,
        managed.starts_at,
        managed.ends_at,
        sequence=managed.version - 1,
        status=_status(managed),
    )
    return calendar_with(event, "PUBLISH")


def _status(managed: Managed) -> str:
    """A request that the practice has not confirmed yet is tentative (RFC 5545, section 3.8.1.11)."""
    if managed.state == State.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if managed.is_request else "CONFIRMED"
