"""Arbitrary bytes in every field and parameter of the desk: refused or taken, never a defect."""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit.booking.models import Appointment
from sprechzeit.practices.models import VisitType
from tests.factories import at_desk, book, in_days, make_bookable, visitor
from tests.web.desk.furnish import booked_at_desk, url_of

ANY = st.one_of(
    st.text(max_size=40).map(str.encode),
    st.binary(max_size=40),
    st.sampled_from(
        [b"\x00", b"9" * 400, b"a" * 5000, b"-1", b"\xff", b"0", b"1", b"2026-11-25T09:00:00+01:00", b"2026-11-25",
         b"09:00", b"2100-12-31", b"24:00", b"arrived", "²".encode(), "٣".encode()]
    ),
)  # fmt: skip  # lines grouped by hand
FIELDS = [
    "q", "wahl", "suchen", "art", "bei", "tag", "uhrzeit", "slot", "start", "patient", "key", "version", "status",
    "first_name", "last_name", "email", "phone", "birth_date", "spalten", "weiter",
    "note", "mit", "other_version", "take_phone", "merge", "update", "message", "cancel_coming", "trotzdem",
    "termin", "text", "vorschau", "kind", "source", "received",
]  # fmt: skip  # lines grouped by hand
SENT = st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=8)


@cache
def place() -> tuple[Client, VisitType, Appointment, str]:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    intake = book(made, visit_type, in_days(1, 10)).appointment_id
    return at_desk(made), visit_type, appointment, url_of(intake, "uebernehmen/")


def addresses() -> dict[str, str]:
    _, _, appointment, accept = place()
    return {
        "day": "/desk/",
        "new": "/desk/neu/",
        "times": "/desk/neu/zeiten/",
        "patients": "/desk/patienten/",
        "show": url_of(appointment),
        "mark": url_of(appointment, "stand/"),
        "cancel": url_of(appointment, "absagen/"),
        "accept": accept,
        "move": url_of(appointment, "verschieben/"),
        "refuse": accept.replace("uebernehmen", "ablehnen"),
        "patient": f"/desk/patient/{appointment.patient_id}/",
        "patient-new": "/desk/patienten/neu/",
        "correct": f"/desk/patient/{appointment.patient_id}/berichtigen/",
        "merge": f"/desk/patient/{appointment.patient_id}/zusammenfuehren/",
        "unmerge": f"/desk/patient/{appointment.patient_id}/trennen/",
        "inbox": "/desk/eingang/",
        "write": "/desk/nachrichten/schreiben/",
        "right": f"/desk/patient/{appointment.patient_id}/antrag/",
        "login": "/desk/anmelden/",
    }


def encoded(sent: dict[str, bytes]) -> str:
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in sent.items())


@pytest.mark.parametrize(
    "name", ["day", "new", "times", "patients", "show", "move", "login", "patient", "merge", "inbox", "write"]
)
@settings(max_examples=40)
@given(sent=SENT, htmx=st.booleans())
def test_a_query(name: str, sent: dict[str, bytes], htmx: bool) -> None:
    client = place()[0]

    response = client.get(f"{addresses()[name]}?{encoded(sent)}", headers={"hx-request": "true"} if htmx else {})

    assert response.status_code < 500


@pytest.mark.parametrize(
    "name",
    [
        "new",
        "patients",
        "right",
        "mark",
        "cancel",
        "accept",
        "move",
        "refuse",
        "patient-new",
        "correct",
        "merge",
        "unmerge",
        "write",
    ],
)
@settings(max_examples=80)
@given(sent=SENT, real=st.booleans())
def test_a_form(name: str, sent: dict[str, bytes], real: bool) -> None:
    client, visit_type, _, _ = place()
    known = {"art": str(visit_type.id).encode(), "version": b"1", "last_name": b"Muster", "first_name": b"Erika"}
    form = {**known, **sent} if real else sent

    response = client.generic("POST", addresses()[name], encoded(form), "application/x-www-form-urlencoded")

    assert response.status_code < 500


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100)
@given(
    body=st.dictionaries(st.sampled_from(["challenge", "credential", "prf", "invitation", "name"]), JSON, max_size=5),
    cut=st.integers(0, 3),
)
def test_what_a_script_sends_at_log_in(body: dict[str, object], cut: int) -> None:
    client = visitor()
    text = json.dumps(body).encode()
    text = text[: len(text) - cut]

    for place_of in ("anmelden/beginn/", "anmelden/abschluss/", "einladung/beginn/", "einladung/abschluss/"):
        assert client.generic("POST", f"/desk/{place_of}", text, "application/json").status_code < 500


@settings(max_examples=60)
@given(st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=90))
def test_a_cookie(cookie: str) -> None:
    response = visitor().get("/desk/", headers={"cookie": f"desk={cookie}"})

    assert response.status_code == 302
