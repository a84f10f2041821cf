"""Arbitrary bytes in every field of the settings: refused or taken, never a defect."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import at_desk, book, in_days, make_bookable
from tests.timetable.calendar import open_weekly, weekly
from tests.web.desk.settings_of import BASE
from tests.web.desk.test_any_text_is_survived import ANY

FIELDS = [
    "name", "street", "listed", "subdivision", "time_zone", "location_id", "capacity", "art", "richtung", "agreed",
    "name_de", "tone", "duration_minutes", "grid_minutes", "lead_minutes", "lead_minutes_unit", "horizon_days",
    "need-1", "weekdays", "weekday", "opens", "closes", "valid_from", "valid_until", "every_weeks", "last_day",
    "kind", "resource", "since", "since_time", "until", "until_time", "label", "subject", "body", "vorschau",
]  # fmt: skip  # lines grouped by hand
SENT = st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=12)


@cache
def place() -> tuple[Client, dict[str, str], dict[str, bytes]]:
    made, visit_type = make_bookable()
    book(made, visit_type, in_days(1, 9))
    clinician, rule = made.clinicians[0].id, open_weekly(made, weekly(0)).id
    paths = {
        "practice": "praxis/",
        "message-text": "nachrichten/text/?text=reminder&sprache=de",
        "location": f"standorte/{made.location.id}/",
        "resource": f"kalender/{clinician}/",
        "resource-new": "kalender/neu/",
        "order": f"kalender/{clinician}/reihenfolge/",
        "hours": f"kalender/{clinician}/sprechzeiten/",
        "rule": f"sprechzeiten/{rule}/",
        "end": f"sprechzeiten/{rule}/beenden/",
        "visit-type": f"terminarten/{visit_type.id}/",
        "exception": "abwesenheiten/neu/",
    }
    known = {
        "name": b"Name", "location_id": str(made.location.id).encode(), "capacity": b"1", "subdivision": b"BE",
        "time_zone": b"Europe/Berlin", "name_de": b"Art", "tone": b"1", "duration_minutes": b"30",
        "grid_minutes": b"30", "buffer_before_minutes": b"0", "buffer_after_minutes": b"0", "lead_minutes": b"0",
        "horizon_days": b"90", "change_until_minutes": b"0", "need-1": str(clinician).encode(), "weekdays": b"0",
        "weekday": b"0",
        "opens": b"08:00", "closes": b"12:00", "valid_from": b"2026-01-01", "every_weeks": b"1", "kind": b"absence",
        "resource": str(clinician).encode(), "since": b"2026-12-01",
    }  # fmt: skip  # lines grouped by hand
    return at_desk(made), paths, known


@pytest.mark.parametrize("name", [
    "practice", "message-text", "location", "resource", "resource-new", "order", "hours", "rule", "end", "visit-type",
    "exception",
])  # fmt: skip  # lines grouped by hand
@settings(max_examples=30)
@given(sent=SENT, real=st.booleans())
def test_a_form(name: str, sent: dict[str, bytes], real: bool) -> None:
    client, paths, known = place()
    form = {**known, **sent} if real else sent
    body = "&".join(f"{key}={quote_from_bytes(value)}" for key, value in form.items())

    response = client.generic("POST", BASE + paths[name], body, "application/x-www-form-urlencoded")

    assert response.status_code < 500
