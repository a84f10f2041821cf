"""Below /en/ every page is English to the last sentence; the same pages without the prefix are German."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from sprechzeit.practices.models import VisitType
from sprechzeit.vault import link_to_text
from tests.factories import Made, at_desk, book, in_days, make_bookable, visitor
from tests.sentences import catalogue, pattern_of, seen
from tests.timetable.calendar import except_in, open_weekly, weekly

PURPOSE = "So that nobody is mistaken for somebody else."


def german_in(response: HttpResponse) -> list[str]:
    """Our German sentences that a page says although they have an English translation."""
    pieces = seen(response.content.decode())
    return [german for german, pattern in SENTENCES if any(pattern.search(piece) for piece in pieces)]


SENTENCES = [
    (german, pattern_of(german))
    for one in catalogue()
    if not one.msgctxt and one.msgid != one.msgstr
    for german in (one.msgid, one.msgid_plural)
    if german and german != "Deutsch"  # so it calls itself in the choice of languages
]


@pytest.fixture(scope="module")
def bookable(database: None) -> tuple[Made, VisitType]:
    return make_bookable(hours=(9, 17), days=4, birth_date_purpose=PURPOSE, phone_purpose=PURPOSE)


def assert_english(client: Client, path: str, *, data: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    response = client.get(path) if data is None else client.post(path, data, follow=True)

    assert response.status_code == status
    assert german_in(response) == []
    assert '<html lang="en"' in response.content.decode()
    assert response.headers["Content-Language"] == "en"
    return response


def test_the_front_pages(bookable: tuple[Made, VisitType]) -> None:
    made, visit_type = bookable
    front = f"/en/praxis/{made.practice.slug}/"

    for path in ("/en/", front, f"{front}termin/{visit_type.id}/", f"{front}termin/{visit_type.id}/?ab=2000-01-01"):
        assert_english(visitor(), path, status=422 if "ab=" in path else 200)
    assert_english(visitor(), "/en/praxis/gibt-es-nicht/", status=404)
    assert_english(visitor(), "/en/gibt-es-nicht/", status=404)


def test_the_way_from_a_time_to_the_cancelled_appointment(bookable: tuple[Made, VisitType]) -> None:
    made, visit_type = bookable
    front = f"/en/praxis/{made.practice.slug}/"
    times = {"art": str(visit_type.id), "bei": "alle", "schluessel": "k", "zeit": in_days(2).isoformat()}
    person = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org", "birth_date": "31/12/1980"}

    assert_english(visitor(), f"{front}halten/", data={**times, "zeit": ""}, status=422)
    details = assert_english(visitor(), f"{front}halten/", data=times)
    here = details.redirect_chain[-1][0]
    assert_english(visitor(), here, data={"email": "ann", "phone": "x", "birth_date": "31.2.1980"}, status=422)
    assert_english(visitor(), here, data={**person, "laenger": "1"})
    booked = assert_english(visitor(), f"{front}halten/", data={**times, "zeit": in_days(3).isoformat()})
    booked = assert_english(visitor(), booked.redirect_chain[-1][0], data=person)
    manage = booked.redirect_chain[-1][0].partition("?")[0]
    for path in (manage, f"{manage}?verschoben=1", f"{manage}verschieben/", f"{manage}absagen/"):
        assert_english(visitor(), path)
    assert_english(visitor(), f"{manage}absagen/", data={})


def test_the_calendar_file(bookable: tuple[Made, VisitType]) -> None:
    made, visit_type = bookable
    secret = link_to_text(book(made, visit_type, in_days(1, 9)).manage_secret)

    answer = visitor().get(f"/en/praxis/{made.practice.slug}/mein-termin/{secret}/termin.ics")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert "SUMMARY:Appointment: " in answer.content.decode()


def test_the_desk(bookable: tuple[Made, VisitType]) -> None:
    made, visit_type = bookable
    booked = book(made, visit_type, in_days(1, 11), birth_date=None)
    desk = at_desk(made)
    day = f"/en/desk/?tag={in_days(1):%Y-%m-%d}"
    card = f"/en/desk/termin/{booked.appointment_id}/"

    assert_english(visitor(), "/en/desk/anmelden/")
    assert_english(visitor(), "/en/desk/einladung/")
    for path in (day, f"{day}&spalten=alle", "/en/desk/?tag=2026-12-25", "/en/desk/neu/", card, f"{card}verschieben/"):
        assert_english(desk, path)
    of_day = day.partition("?")[2]
    for path in ("woche/", "woche/?bei=alle", "monat/", f"liste/?{of_day}&tage=2", f"?{of_day}&art={visit_type.id}"):
        assert_english(desk, f"/en/desk/{path}")
    assert_english(desk, "/en/desk/neu/", data={"art": str(visit_type.id)}, status=422)
    assert_english(desk, "/en/desk/patienten/", data={"q": "Nobody"})
    assert_english(desk, f"{card}stand/", data={"status": "done", "version": "1"}, status=409)
    assert_english(desk, f"{card}uebernehmen/", data={})


def test_the_settings() -> None:
    made, visit_type = make_bookable()
    book(made, visit_type, in_days(1, 9))
    clinician = made.clinicians[0].id
    rule = open_weekly(made, weekly(0, every_weeks=2))
    except_in(made, "closure", in_days(5, 0), in_days(6, 0))
    desk, base = at_desk(made), "/en/desk/einstellungen/"
    pages = ["", "praxis/", "standorte/", "kalender/", "terminarten/", "abwesenheiten/"]
    forms = ["praxis/", "standorte/neu/", "kalender/neu/", "terminarten/neu/", "abwesenheiten/neu/"]
    things = [f"kalender/{clinician}/", f"kalender/{clinician}/stilllegen/", f"terminarten/{visit_type.id}/stilllegen/"]
    things += [f"kalender/{clinician}/sprechzeiten/", f"sprechzeiten/{rule.id}/", f"terminarten/{visit_type.id}/"]

    for path in (*pages, *forms, *things):
        assert_english(desk, base + path)
    for path in (*forms, f"kalender/{clinician}/sprechzeiten/", f"sprechzeiten/{rule.id}/beenden/"):
        assert_english(desk, base + path, data={}, status=422)
    day = in_days(1).date().isoformat()
    assert_english(desk, f"{base}abwesenheiten/neu/", data={"kind": "closure", "since": day}, status=409)


def test_dates_are_written_the_british_way(bookable: tuple[Made, VisitType]) -> None:
    made, _visit_type = bookable
    desk = at_desk(made)

    english = desk.get("/en/desk/?tag=2026-12-25").content.decode()
    german = desk.get("/desk/?tag=2026-12-25").content.decode()

    assert "Friday, 25 December 2026" in english
    assert "Christmas Day" in english
    assert "Freitag, 25. Dezember 2026" in german
    assert "Erster Weihnachtstag" in german


def test_the_same_check_finds_german_on_the_german_pages(bookable: tuple[Made, VisitType]) -> None:
    made, visit_type = bookable
    times = visitor().get(f"/praxis/{made.practice.slug}/termin/{visit_type.id}/")

    assert set(german_in(times)) >= {"Wann passt es Ihnen?", "%(minutes)s Minuten", "Sprache"}
    assert "Anmelden" in german_in(visitor().get("/desk/anmelden/"))
