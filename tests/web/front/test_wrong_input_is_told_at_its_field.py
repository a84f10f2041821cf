from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import gettext, override

from sprechzeit import clock
from sprechzeit.booking.hold import HOLD
from sprechzeit.vault import link_to_text, new_link_secret
from tests.factories import in_days, make_bookable, visitor
from tests.web.front.walk import TYPED, book, details_url, hold, people, practice_url, rows, times_url
from tests.web.page import Page

PURPOSE = "Für die Vorsorge."
GOOD = {**TYPED, "birth_date": "1.2.1980"}
WRONG = [
    ({"first_name": ""}, "first_name", "Bitte geben Sie den Vornamen ein."),
    ({"first_name": "   "}, "first_name", "Bitte geben Sie den Vornamen ein."),
    ({"first_name": "a" * 81}, "first_name", "Das ist zu lang: höchstens %(count)d Zeichen."),
    ({"first_name": "Eri\x07ka"}, "first_name", "Hier stehen Zeichen, die sich nicht speichern lassen."),
    ({"first_name": "Eri\u202eka"}, "first_name", "Hier stehen Zeichen, die sich nicht speichern lassen."),
    ({"last_name": ""}, "last_name", "Bitte geben Sie den Nachnamen ein."),
    ({"last_name": "a\x00b"}, "last_name", "Hier stehen Zeichen, die sich nicht speichern lassen."),
    ({"email": "erika"}, "email", "Das ist keine vollständige E-Mail-Adresse, wie name@beispiel.de."),
    ({"email": ""}, "email", "Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an."),
    ({"phone": "keine"}, "phone", "Das ist keine vollständige Telefonnummer, wie 030 1234567."),
    ({"phone": "1" * 41}, "phone", "Das ist zu lang: höchstens %(count)d Zeichen."),
    ({"birth_date": ""}, "birth_date", "Bitte geben Sie das Geburtsdatum ein, zum Beispiel 31.12.1980."),
    ({"birth_date": "30.02.1980"}, "birth_date", "Dieses Datum gibt es nicht. Bitte so: 31.12.1980."),
    ({"birth_date": "gestern"}, "birth_date", "Dieses Datum gibt es nicht. Bitte so: 31.12.1980."),
    ({"birth_date": "1.1.2999"}, "birth_date", "Dieses Datum kann kein Geburtsdatum sein."),
    ({"birth_date": "1.1.1700"}, "birth_date", "Dieses Datum kann kein Geburtsdatum sein."),
]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("wrong", "field", "message"), WRONG)
def test_a_wrong_field_is_told_beside_it_in_the_pages_language_and_the_text_stays(
    prefix: str, wrong: dict[str, str], field: str, message: str
) -> None:
    made, visit_type = make_bookable(birth_date_purpose=PURPOSE)
    client = visitor()
    url = prefix + details_url(client, made, visit_type, in_days(1, 9))

    page = Page(client.post(url, {**GOOD, **wrong}))

    form = page.form(with_field="first_name")
    with override(prefix.strip("/") or "de"):
        expected = gettext(message).split("%")[0]
    assert page.status == 422
    assert page.lang == (prefix.strip("/") or "de")
    assert expected in page.errors[field]
    assert list(page.errors) == [field]
    assert {name: form.fields[name] for name in GOOD} == {**GOOD, **wrong}
    assert rows(made) == (1, 0, 0)
    assert form.send(client, **GOOD).status_code == 303


def test_all_errors_are_told_at_once_and_listed_with_links_to_their_fields() -> None:
    made, visit_type = make_bookable(birth_date_purpose=PURPOSE)
    client = visitor()
    url = details_url(client, made, visit_type, in_days(1, 9))

    page = Page(client.post(url))

    assert list(page.errors) == ["first_name", "last_name", "birth_date", "email"]
    assert {"#first_name", "#last_name", "#birth_date", "#email"} <= set(page.links)
    assert page.text.strip().startswith("Fehler:")


def test_a_birth_date_that_nobody_asked_for_is_neither_shown_nor_kept() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    url = details_url(client, made, visit_type, in_days(1, 9))

    page = Page(client.get(url))
    response = client.post(url, GOOD)

    assert "birth_date" not in page.form(with_field="first_name").fields
    assert response.status_code == 303
    assert [person.birth_date for person in people(made)] == [None]


def test_what_was_typed_is_escaped_when_it_is_shown_again() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    url = details_url(client, made, visit_type, in_days(1, 9))
    attack = '"><script src=//evil.example></script>'

    response = client.post(url, {"first_name": attack, "last_name": ""})

    page = Page(response)
    assert b"<script src=//evil" not in response.content
    assert page.form(with_field="first_name").fields["first_name"] == attack


def test_a_taken_time_is_refused_on_the_same_page_with_others_to_press() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    book(client, made, visit_type, in_days(1, 9))

    page = Page(hold(client, made, visit_type, in_days(1, 9)))

    assert page.status == 409
    assert "gerade vergeben" in page.text
    assert page.form(with_field="zeit").buttons[0] == ("zeit", in_days(1, 9, 30).isoformat())
    assert rows(made) == (0, 1, 1)


@pytest.mark.parametrize("when", ["past", "too far", "off the grid", "no date", "naive", "first", "last", "long", ""])
def test_a_time_that_is_not_offered_is_refused_on_the_same_page(when: str) -> None:
    made, visit_type = make_bookable(horizon_days=30)
    start = {
        "past": in_days(-1, 9).isoformat(),
        "too far": in_days(31, 9).isoformat(),
        "off the grid": in_days(1, 9, 1).isoformat(),
        "no date": "2026-02-30T09:00:00+01:00",
        "naive": in_days(1, 9).replace(tzinfo=None).isoformat(),
        "first": "0001-01-01T00:00:00+14:00",
        "last": "9999-12-31T23:59:59-12:00",
        "long": "9" * 10_000,
        "": "",
    }[when]

    page = Page(hold(visitor(), made, visit_type, start))

    assert page.status == 422
    assert page.form(with_field="zeit").buttons[0] == ("zeit", in_days(1, 9).isoformat())
    assert rows(made) == (0, 0, 0)


def test_moving_to_a_time_that_is_taken_or_not_offered_keeps_the_appointment() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    book(client, made, visit_type, in_days(1, 10))
    manage_url = book(client, made, visit_type, in_days(1, 9))

    answers = [
        client.post(manage_url + "verschieben/", {"zeit": text})
        for text in (in_days(1, 10).isoformat(), in_days(-1, 9).isoformat(), "", "morgen")
    ]

    assert [one.status_code for one in answers] == [409, 422, 422, 422]
    assert "09:00" in Page(client.get(manage_url)).text
    assert rows(made) == (0, 2, 2)


def test_what_belongs_to_another_practice_is_not_there() -> None:
    made, visit_type = make_bookable()
    other, foreign = make_bookable()
    client = visitor()
    details = details_url(client, made, visit_type, in_days(1, 9))
    manage = book(client, made, visit_type, in_days(1, 10))

    def elsewhere(url: str) -> str:
        return url.replace(made.practice.slug, other.practice.slug)

    answers = [
        client.get(times_url(made, foreign)),
        client.get(times_url(made, visit_type), {"bei": str(other.clinicians[0].id)}),
        hold(client, made, foreign, in_days(1, 9)),
        hold(client, made, visit_type, in_days(1, 9), bei=str(other.clinicians[0].id)),
        client.get(elsewhere(details)),
        client.post(elsewhere(details), TYPED),
        client.get(elsewhere(manage)),
        client.get(elsewhere(manage) + "termin.ics"),
        client.post(elsewhere(manage) + "absagen/"),
        client.post(elsewhere(manage) + "verschieben/", {"zeit": in_days(2, 9).isoformat()}),
    ]

    assert [one.status_code for one in answers] == [404] * len(answers)
    assert rows(made) == (1, 1, 1)
    assert rows(other) == (0, 0, 0)


@pytest.mark.parametrize("secret", ["", "kurz", "A" * 23, "0" * 22, "ü" * 22, "random"])
def test_a_link_that_was_never_given_out_leads_nowhere(secret: str) -> None:
    made, _ = make_bookable()
    secret = link_to_text(new_link_secret()) if secret == "random" else secret
    client = visitor()

    for place in ("angaben", "mein-termin"):
        assert client.get(f"{practice_url(made)}{place}/{secret}/").status_code == 404
        assert client.post(f"{practice_url(made)}{place}/{secret}/").status_code in {404, 405}


def test_a_hold_that_is_long_gone_is_told_in_words_with_a_way_on() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    url = details_url(client, made, visit_type, in_days(1, 9))

    with clock.travelled(HOLD + timedelta(minutes=1)):
        hold(visitor(), made, visit_type, in_days(1, 9))  # somebody else sweeps the expired one away
        page = Page(client.post(url, TYPED))

    assert page.status in {404, 409}
    paths = {link.partition("?")[0] for link in page.links}
    assert {times_url(made, visit_type), practice_url(made)} & paths


@pytest.mark.parametrize("day", ["2026-02-30", "morgen", "0001-01-01", "9999-12-31", "\x00"])
def test_a_day_that_does_not_exist_is_refused(day: str) -> None:
    made, visit_type = make_bookable()

    response = visitor().get(times_url(made, visit_type), {"ab": day})

    assert response.status_code == 422
