"""Arbitrary bytes in every part of every address and form of the patients' side: refused or taken, never a defect."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sprechzeit.practices.models import VisitType
from tests.factories import Made, in_days, make_bookable, visitor
from tests.web.front.walk import book, details_url, practice_url, times_url

# Percent-encoded below, so that every byte arrives: broken UTF-8, NUL, line breaks, right-to-left marks.
ANY = st.one_of(
    st.text(max_size=40).map(str.encode),
    st.binary(max_size=40),
    st.sampled_from(
        [b"\x00", b"9" * 400, b"a" * 5000, b"-1", b"\xff", b"0", b"2026-11-25T09:00:00+01:00", b"alle", b"1"]
    ),
)
FIELDS = [
    "art", "bei", "schluessel", "zeit", "ab", "nach", "first_name", "last_name", "email", "phone", "birth_date",
    "laenger", "text", "zurueck", "neu", "verschoben", "fach", "ort", "umkreis", "sprache", "zugang", "kasse", "video",
    "reihenfolge", "wer", "code", "tageszeit", "vorab", "ueberweisung", "mail_code", "nochmal", "booker", "message",
    "kind",
]  # fmt: skip  # lines grouped by hand
HEADERS = st.dictionaries(
    st.sampled_from(["hx-request", "hx-target", "hx-current-url", "accept-language", "sec-fetch-site", "cookie"]),
    st.one_of(
        st.sampled_from(["true", "mehr", "zeiten", "en", "de-AT;q=x", "*"]), st.text(st.characters(max_codepoint=126))
    ),
    max_size=3,
)


@cache
def place() -> tuple[Client, Made, VisitType]:
    made, visit_type = make_bookable(days=5, birth_date_purpose="Für die Vorsorge.")
    return visitor(), made, visit_type


@cache
def addresses() -> dict[str, str]:
    client, made, visit_type = place()
    manage = book(client, made, visit_type, in_days(4, 9), birth_date="1.2.1980")
    return {
        "start": "/",
        "search": "/suche/",
        "practice": practice_url(made),
        "times": times_url(made, visit_type),
        "hold": f"{practice_url(made)}halten/",
        "details": details_url(client, made, visit_type, in_days(4, 10)),
        "manage": manage,
        "ics": f"{manage}termin.ics",
        "move": f"{manage}verschieben/",
        "cancel": f"{manage}absagen/",
        "contact": f"{manage}kontakt/",
        "answer": f"{manage}schreiben/",
        "undo": f"{manage}zurueck/",
        "delete": f"{manage}loeschen/",
        "rights": f"{manage}rechte/",
        "widget": f"/widget/{made.practice.slug}{times_url(made, visit_type)}",
    }


def encoded(sent: dict[str, bytes]) -> str:
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in sent.items())


@pytest.mark.parametrize(
    "name",
    ["start", "search", "practice", "times", "hold", "details", "manage", "ics", "move", "cancel", "delete", "widget"],
)
@settings(max_examples=60)
@given(sent=st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=5), headers=HEADERS)
@example(sent={"nach": b"\x00"}, headers={})
@example(sent={"ab": "２０２６-01-01".encode()}, headers={"hx-request": "true", "hx-target": "zeiten"})
def test_a_query(name: str, sent: dict[str, bytes], headers: dict[str, str]) -> None:
    client, _, _ = place()

    response = client.get(f"{addresses()[name]}?{encoded(sent)}", headers=headers)

    assert response.status_code < 500


@pytest.mark.parametrize("name", ["hold", "details", "move", "contact", "answer", "undo", "rights"])
@settings(max_examples=100)
@given(sent=st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=8), headers=HEADERS)
def test_a_form(name: str, sent: dict[str, bytes], headers: dict[str, str]) -> None:
    client, _, visit_type = place()
    form = {"art": str(visit_type.id).encode(), **sent} if name == "hold" else sent

    response = client.generic(
        "POST", addresses()[name], encoded(form), "application/x-www-form-urlencoded", headers=headers
    )

    assert response.status_code < 500


@settings(max_examples=60)
@given(
    body=st.binary(max_size=300), content_type=st.sampled_from(["multipart/form-data; boundary=x", "text/plain", ""])
)
def test_a_body_that_is_no_form(body: bytes, content_type: str) -> None:
    client, _, _ = place()

    for name in ("hold", "details", "move", "contact", "answer", "undo", "delete", "rights"):
        assert client.generic("POST", addresses()[name], body, content_type).status_code < 500


@settings(max_examples=150)
@given(parts=st.lists(ANY.filter(lambda part: len(part) < 500), min_size=1, max_size=3), prefix=st.booleans())
def test_an_address(parts: list[bytes], prefix: bool) -> None:
    client, made, _ = place()
    tail = "/".join(quote_from_bytes(part) for part in parts)

    for head in (
        "/",
        "/praxis/",
        practice_url(made),
        f"{practice_url(made)}termin/",
        f"{practice_url(made)}angaben/",
        f"/widget/{made.practice.slug}/",
        "/widget/",
    ):
        for end in ("", "/"):
            assert client.get(("/en" if prefix else "") + head + tail + end).status_code < 500
