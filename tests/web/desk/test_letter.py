"""A letter about an appointment, to print: made in the session, stored nowhere, and it stands in the trail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from sprechzeit.staff.models import Membership
from sprechzeit.web.desk.a4 import width_of, wrapped
from tests.booking.booked import book_by_phone, events
from tests.factories import Made, at_desk, in_days, make_bookable, make_person

PLACE = {"street": "Lindenallee 12", "postal_code": "10115", "city": "Berlin", "phone": "+49 30 23125 000"}


def place(**fields: Any) -> tuple[Made, Appointment]:
    made, visit_type = make_bookable(
        name_de="Hautkrebsvorsorge", instructions_de="Bitte bringen Sie Ihre Karte (und den Impfpass) mit.", **fields
    )
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(name="Praxis am Lindenplatz", **PLACE)
    person = make_person(first_name="Şükrü", last_name="Ürün", email="", phone="+493012345")
    return made, book_by_phone(made, visit_type, in_days(1, 9), person)


def letter(made: Made, appointment: Appointment) -> HttpResponse:
    return at_desk(made).get(f"/desk/termin/{appointment.id}/brief/")


def text_of(answer: HttpResponse) -> str:
    """What is drawn, line by line."""
    shown = re.findall(rb"\((.*?)\) Tj", answer.content, re.DOTALL)
    return "\n".join(re.sub(rb"\\([()\\])", rb"\1", one).decode("cp1252") for one in shown)


def test_it_names_practice_person_time_and_what_to_bring_and_not_what_for() -> None:
    made, appointment = place()

    answer = letter(made, appointment)
    text = text_of(answer)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    for wanted in (
        "Praxis am Lindenplatz",
        "Lindenallee 12, 10115 Berlin",
        "+49 30 23125 000",
        "Sükrü Ürün",
        "um 09:00 Uhr",
        "bei Dr. Test 1",
        "Karte (und den Impfpass)",
    ):
        assert wanted in text
    assert "Hautkrebs" not in text


def test_nothing_of_it_is_cached_and_who_printed_it_stands_in_the_trail() -> None:
    made, appointment = place()

    answer = letter(made, appointment)

    assert answer.headers["Cache-Control"] == "no-store"
    (event,) = events(made, "appointment.letter")
    assert event.subjects == [appointment.id, appointment.patient_id]
    assert event.actor == str(made.member)
    assert events(made, "appointment.view") == []


def test_what_is_cancelled_gets_no_letter() -> None:
    made, appointment = place()
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, appointment.id, version=1)

    assert letter(made, appointment).status_code == 409


def test_who_may_only_read_prints_none() -> None:
    made, appointment = place()
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id).update(role=Membership.Role.READ_ONLY)

    assert letter(made, appointment).status_code == 403


def test_another_practices_appointment_is_not_found() -> None:
    _made, appointment = place()
    other, _ = place()

    assert letter(other, appointment).status_code == 404


def test_the_card_leads_to_it() -> None:
    made, appointment = place()
    url = f"/desk/termin/{appointment.id}/"

    assert f'href="{url}brief/"' in at_desk(made).get(url).content.decode()


def test_more_words_than_a_page_holds_end_with_the_page() -> None:
    made, appointment = place()
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(directions_de="Am Brunnen links und dann. " * 37)

    text = text_of(letter(made, appointment))

    assert text.count("Am Brunnen") > 10
    heights = [int(one) for one in re.findall(rb"1 0 0 1 \d+ (\d+) Tm", letter(made, appointment).content)]
    assert min(heights) >= 60


@pytest.mark.parametrize("word", ["W" * 300, "kurz " * 100, "ein\n\nAbsatz"])
def test_lines_fit(word: str) -> None:
    assert all(width_of(line, 11) <= 300 for line in wrapped(word, 11, 300))


@given(st.text(max_size=300))
def test_any_text_is_broken_into_lines_and_loses_no_letter(text: str) -> None:
    lines = wrapped(text, 11, 200)

    assert all(width_of(line, 11) <= 200 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
