"""An appointment as an entry for calendars (RFC 5545), and as an invitation that replaces itself (RFC 5546)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from sprechzeit import clock
from sprechzeit.practices.models import Practice


def event_of(
    practice: Practice, about: UUID, starts_at: datetime, ends_at: datetime, *, sequence: int, status: str
) -> Event:
    """It names the practice and nothing else. One of the same appointment replaces it: same UID, higher SEQUENCE."""
    event = Event()
    event.add("uid", f"{about}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", _("Termin: %(practice)s") % {"practice": practice.name})
    event.add("location", address_of(practice))
    if practice.phone:
        event.add("description", _("Praxis: %(phone)s") % {"phone": practice.phone})
    event.add("status", status)
    return event


def calendar_with(event: Event, method: str) -> bytes:
    """The file that holds it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sprechzeit//DE")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def invite(event: Event, practice: Practice, to: str) -> None:
    """Who invites whom: without both, calendars take up no change. No answer is asked for, since nobody reads it."""
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["cn"] = vText(practice.name)
    event.add("organizer", organizer)
    reader = vCalAddress(f"mailto:{to}")
    reader.params["partstat"] = vText("ACCEPTED")
    reader.params["rsvp"] = vText("FALSE")
    event.add("attendee", reader)


def address_of(practice: Practice) -> str:
    """Street and town in one line."""
    town = f"{practice.postal_code} {practice.city}".strip()
    return ", ".join(part for part in (practice.street, town) if part)
