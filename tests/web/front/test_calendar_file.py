from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar

from tests.factories import in_days, make_bookable, make_practice, make_visit_type, open_up, visitor
from tests.web.front.walk import book


def event_of(content: bytes) -> Any:
    calendar = Calendar.from_ical(content)
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    (event,) = calendar.events
    assert event.errors == []
    return event


def test_the_file_names_the_practice_and_the_moment_in_utc_and_nothing_else() -> None:
    made, visit_type = make_bookable(name_de="Krebsvorsorge", name_en="Cancer screening")
    client = visitor()
    manage_url = book(client, made, visit_type, in_days(1, 9), last_name="Unverwechselbar")
    secret = manage_url.rstrip("/").rsplit("/", 1)[-1]

    response = client.get(manage_url + "termin.ics")
    english = client.get("/en" + manage_url + "termin.ics")

    event = event_of(response.content)
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert event.start == in_days(1, 9)
    assert event.start.utcoffset() == timedelta(0)
    assert (event.end - event.start).total_seconds() == 30 * 60
    assert isinstance(event["dtstamp"].dt, datetime)
    assert made.practice.name in event["summary"]
    for content in (response.content, english.content):
        unfolded = content.replace(b"\r\n ", b"")
        for word in ("Krebs", "Cancer", "Unverwechselbar", secret, made.clinicians[0].name, "mein-termin"):
            assert word.encode() not in unfolded


def test_a_later_file_of_the_same_appointment_replaces_the_earlier_one() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    manage_url = book(client, made, visit_type, in_days(1, 9))

    first = event_of(client.get(manage_url + "termin.ics").content)
    client.post(manage_url + "verschieben/", {"zeit": in_days(2, 10).isoformat()})
    moved = event_of(client.get(manage_url + "termin.ics").content)
    client.post(manage_url + "absagen/")
    cancelled = event_of(client.get(manage_url + "termin.ics").content)

    assert first["uid"] == moved["uid"] == cancelled["uid"]
    assert "@" in first["uid"]
    assert [int(one["sequence"]) for one in (first, moved, cancelled)] == [0, 1, 2]
    assert moved.start == in_days(2, 10)
    assert [str(one["status"]) for one in (first, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_an_address_with_commas_and_line_breaks_stays_one_text() -> None:
    made = make_practice(street="Am Weg 1, Hof; C\\D\nBEGIN:VALARM", city="Köln" * 15)
    visit_type = make_visit_type(made)
    open_up(made, made.clinicians[0], in_days(1, 9), in_days(1, 10))
    client = visitor()
    manage_url = book(client, made, visit_type, in_days(1, 9))

    content = client.get(manage_url + "termin.ics").content
    event = event_of(content)

    assert event["location"].startswith("Am Weg 1, Hof; C\\D")
    assert event.subcomponents == []
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
