from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.html import escape

from sprechzeit import clock
from sprechzeit.booking.next_free import next_free_now, renew
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import NextFree, Practice
from sprechzeit.timetable.hours import coming_hours
from tests.factories import BERLIN, Made, book, in_days, make_bookable, make_practice, make_visit_type, open_up, visitor
from tests.web.front.walk import practice_url, times_url


def set_of(made: Made, **fields: Any) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(**fields)


def html_of(made: Made, prefix: str = "") -> str:
    return visitor().get(practice_url(made, prefix=prefix)).content.decode()


def test_each_visit_type_says_when_it_is_free_next() -> None:
    made, visit_type = make_bookable()
    make_visit_type(made, name_de="Nur mit Code", access="code")
    make_visit_type(made, name_de="Fern", lead_minutes=60 * 24 * 60)

    html = html_of(made)

    start = in_days(1, 9).astimezone(BERLIN)
    assert f"frei ab {['Mo.', 'Di.', 'Mi.', 'Do.', 'Fr.', 'Sa.', 'So.'][start.weekday()]}" in html
    assert f"{start.day}.{start.month}., 09:00 Uhr" in html
    assert f'href="{times_url(made, visit_type)}"' in html
    assert "mit einem Code der Praxis" in html
    assert "online gerade nichts frei" in html


def test_a_kept_start_that_was_taken_meanwhile_is_not_shown() -> None:
    made, visit_type = make_bookable()
    with wearing(Role.WORKER):
        renew(made.id)
    book(made, visit_type, in_days(1, 9))

    assert NextFree.objects.get(visit_type=visit_type).starts_at == in_days(1, 9)  # nobody keeps it in this test
    assert next_free_now(made.practice, [visit_type]) == {visit_type.id: in_days(1, 9, 30)}


@pytest.mark.parametrize("most_a_day", [1, 2])
def test_a_kept_start_on_a_day_that_is_full_is_not_shown(most_a_day: int) -> None:
    made, visit_type = make_bookable(most_a_day=most_a_day)
    book(made, visit_type, in_days(1, 11))
    with wearing(Role.WORKER), acting_for(made.id):
        NextFree.objects.create(
            practice_id=made.id,
            visit_type=visit_type,
            name_de="x",
            name_en="x",
            modality="in-person",
            starts_at=in_days(1, 9),
            checked_at=clock.now(),
        )

    day = 2 if most_a_day == 1 else 1
    assert next_free_now(made.practice, [visit_type]) == {visit_type.id: in_days(day, 9)}


def test_a_copy_that_nobody_renews_is_not_trusted() -> None:
    made, visit_type = make_bookable()
    with wearing(Role.WORKER), acting_for(made.id):
        NextFree.objects.create(
            practice_id=made.id,
            visit_type=visit_type,
            name_de="x",
            name_en="x",
            modality="in-person",
            starts_at=None,
            checked_at=clock.now() - timedelta(hours=1),
        )

    assert next_free_now(made.practice, [visit_type]) == {visit_type.id: in_days(1, 9)}


def test_hours_are_joined_over_all_clinicians_and_closed_days_are_said() -> None:
    made = make_practice(clinicians=2)
    first, second = made.clinicians
    open_up(made, first, in_days(1, 8), in_days(1, 12))
    open_up(made, second, in_days(1, 11), in_days(1, 13))
    open_up(made, second, in_days(1, 15), in_days(1, 18))

    hours = coming_hours(made.practice)

    assert len(hours) == 7
    assert hours[1].spans == ((in_days(1, 8), in_days(1, 13)), (in_days(1, 15), in_days(1, 18)))
    assert all(not one.spans for n, one in enumerate(hours) if n != 1)
    html = html_of(made)
    assert "08:00–13:00" in html
    assert "15:00–18:00" in html
    assert html.count("geschlossen") == 6


def test_a_public_holiday_is_named_in_the_language_of_the_page() -> None:
    made = make_practice()
    now = clock.now().astimezone(BERLIN)
    new_year = now.replace(year=now.year + 1, month=1, day=1, hour=10)

    with clock.travelled(new_year - now - timedelta(days=2)):
        german, english = coming_hours(made.practice), coming_hours(made.practice, language="en")

    assert [one.holiday for one in german if one.holiday] == ["Neujahr"]
    assert any(one.holiday.startswith("New Year") for one in english)


def test_it_says_what_the_practice_set_and_that_the_telephone_is_as_good() -> None:
    made, _visit_type = make_bookable()
    set_of(
        made,
        phone="+49 30 1234",
        languages=["tr", "de"],
        accessibility=["lift"],
        insurances=["private"],
        accepts_new=False,
        website="https://praxis.example/",
        directions_de="Am <Bahnhof> links.",
        directions_en="Left of the station.",
    )

    german, english = html_of(made), html_of(made, "/en")

    for text in ("Deutsch, Türkisch", "Aufzug", "privat versichert", "werden zurzeit nicht aufgenommen"):
        assert text in german
    assert escape("Am <Bahnhof> links.") in german
    assert "Left of the station." in english
    assert 'href="https://praxis.example/" target="_blank" rel="noopener"' in german
    assert "neues Fenster" in german
    assert "Termine gibt es immer auch am Telefon und in der Praxis." in german
    assert f'href="{practice_url(made)}impressum/"' in german
    assert f'href="{practice_url(made)}datenschutz/"' in german


def test_who_set_nothing_claims_nothing() -> None:
    html = html_of(make_practice())

    assert "keine Angabe, bitte fragen Sie nach" in html
    assert "Sprechzeiten" not in html
    assert "Website" not in html
