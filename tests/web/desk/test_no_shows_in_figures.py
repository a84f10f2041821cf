"""The page "Ausfälle" at the desk: figures of a chosen span, and no name."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from sprechzeit.audit.models import Event
from sprechzeit.booking.models import Appointment
from tests.booking.booked import rows
from tests.booking.test_no_shows import MONDAY, S, visit
from tests.factories import Made, at, at_desk, make_bookable, make_visit_type

BASE = "/desk/ausfaelle/"
WEEK = {"von": MONDAY.isoformat(), "bis": (MONDAY + timedelta(days=6)).isoformat()}


def shown(made: Made, **asked: str) -> HttpResponse:
    return at_desk(made).get(BASE, asked or WEEK)


def test_it_shows_each_visit_type_with_its_rate() -> None:
    made, visit_type = make_bookable(name_de="Akute Beschwerden")
    other = make_visit_type(made, name_de="Impfung")
    for hour, status in ((8, S.NO_SHOW), (9, S.DONE), (10, S.DONE), (11, S.DONE)):
        visit(made, visit_type, at(MONDAY, hour), status)
    visit(made, other, at(MONDAY, 8), S.CANCELLED, changed=timedelta(hours=1))

    page = shown(made).content.decode()

    assert "<strong>25,0 %</strong> 1 von 4 Terminen" in page
    for wanted in ("Akute Beschwerden", "Impfung", "Montag", "bis eine Woche davor", 'rect width="100.0"'):
        assert wanted in page
    assert "Dienstag" not in page


def test_no_name_is_opened_for_it() -> None:
    made, visit_type = make_bookable()
    visit(made, visit_type, at(MONDAY, 8), S.NO_SHOW)
    client = at_desk(made)
    before = len(rows(made, Event))

    client.get(BASE, WEEK)

    assert len(rows(made, Event)) == before


def test_appointments_that_nobody_marked_are_told_of() -> None:
    made, visit_type = make_bookable()
    visit(made, visit_type, at(MONDAY, 8), S.BOOKED)

    assert "Bei 1 Termin ist nicht vermerkt" in shown(made).content.decode()


def test_a_span_without_appointments_says_so() -> None:
    made, _ = make_bookable()

    page = shown(made).content.decode()

    assert "In dieser Zeit gab es keine Termine." in page
    assert rows(made, Appointment) == []


def test_an_end_before_the_begin_is_told_at_its_field() -> None:
    made, _ = make_bookable()

    answer = shown(made, von="2026-03-02", bis="2026-03-01")

    assert answer.status_code == 422
    assert "Das Ende liegt vor dem Anfang." in answer.content.decode()


def test_nonsense_shows_the_last_ninety_days() -> None:
    made, _ = make_bookable()

    assert shown(made, von="gestern", bis="9999-99-99").status_code == 200
