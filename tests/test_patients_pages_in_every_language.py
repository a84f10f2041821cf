"""The patients' pages in Turkish, Arabic and Ukrainian: no German sentence is left, and they run the right way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice, VisitType
from tests.factories import Made, in_days, make_bookable, visitor
from tests.sentences import FOR_PATIENTS, catalogue, pattern_of, seen
from tests.web.page import Page

PERSON = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}
LANGUAGES = pytest.mark.parametrize("language", FOR_PATIENTS)


def german_in(response: HttpResponse, language: str) -> list[str]:
    """German sentences of the whole catalogue that the page says; those that read alike in both do not count."""
    own = {text for one in catalogue(language) for text in (one.msgstr, *one.msgstr_plural.values())}
    pieces = [one.replace(AUTHORITY, "") for one in seen(response.content.decode()) if one not in own]
    return [
        german for german, pattern in GERMAN if german not in own and any(pattern.search(piece) for piece in pieces)
    ]


AUTHORITY = "Berliner Beauftragte für Datenschutz und Informationsfreiheit"  # a name
ALIKE = {"Deutsch", "Berlin"}  # the names of a language in itself, and of the practice's time zone
GERMAN = [
    (german, pattern_of(german))
    for one in catalogue()
    if not one.msgctxt and len(re.sub(r"%\(\w+\)[a-z]|\W", "", one.msgid)) > 3
    for german in (one.msgid, one.msgid_plural)
    if german and german not in ALIKE
]


@pytest.fixture(scope="module")
def bookable(database: None) -> tuple[Made, VisitType]:
    """A practice whose own texts are no German sentences of ours."""
    made, visit_type = make_bookable(hours=(9, 17), days=4, phone_purpose="Xyz.")
    texts = {"name": "Dr. Wxyz", "phone": "030 1234", "accessibility": ["lift"], "languages": ["tr", "ar"]}
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(**texts)
        VisitType.objects.filter(id=visit_type.id).update(name_de="Xyzzy", name_en="Checkup")
    return made, visit_type


def answers(made: Made, visit_type: VisitType, language: str) -> Iterator[HttpResponse]:
    """Each kind of page, on the way from the start to the cancelled appointment."""
    front = f"/{language}/praxis/{made.practice.slug}/"
    hour = 10 + FOR_PATIENTS.index(language)
    times = {
        "art": str(visit_type.id),
        "bei": "alle",
        "schluessel": f"k{language}",
        "zeit": in_days(2, hour).isoformat(),
    }
    client: Client = visitor()
    for path in (f"/{language}/", f"/{language}/suche/?ort=10115&neu=1", f"/{language}/suche/?ort=Xyz", front):
        yield client.get(path)
    for path in ("impressum/", "datenschutz/", f"termin/{visit_type.id}/", f"termin/{visit_type.id}/?ab=2000-01-01"):
        yield client.get(front + path)
    yield client.get(f"/{language}/praxis/gibt-es-nicht/")
    yield client.get(f"/{language}/gibt-es-nicht/")
    yield client.post(f"{front}halten/", {**times, "zeit": ""})
    form = client.post(f"{front}halten/", times).headers["Location"]
    yield client.get(form)
    yield client.post(form, {"email": "ann", "phone": "x"})
    yield client.post(form, {**PERSON, "laenger": "1"}, follow=True)
    form = client.post(f"{front}halten/", {**times, "zeit": in_days(3, hour).isoformat()}).headers["Location"]
    booked = client.post(form, PERSON).headers["Location"]
    manage = booked.partition("?")[0]
    yield client.get(booked)
    for path in ("", "verschieben/", "absagen/", "kontakt/", "schreiben/", "loeschen/", "rechte/"):
        yield client.get(manage + path)
    yield client.post(f"{manage}absagen/", follow=True)


@LANGUAGES
def test_no_german_sentence_is_left(bookable: tuple[Made, VisitType], language: str) -> None:
    made, visit_type = bookable
    left = {}

    for answer in answers(made, visit_type, language):
        assert answer.headers["Content-Language"] == language
        if found := german_in(answer, language):
            left[str(answer.request["PATH_INFO"])] = found

    assert left == {}


def test_the_same_check_finds_german(bookable: tuple[Made, VisitType]) -> None:
    made, visit_type = bookable
    times = visitor().get(f"/praxis/{made.practice.slug}/termin/{visit_type.id}/")

    assert set(german_in(times, "ar")) >= {"Wann passt es Ihnen?", "%(minutes)s Minuten", "Sprache"}


@pytest.mark.parametrize(
    ("language", "direction"), [("de", "ltr"), ("en", "ltr"), ("tr", "ltr"), ("ar", "rtl"), ("uk", "ltr")]
)
def test_the_page_says_its_language_and_its_direction(language: str, direction: str) -> None:
    prefix = "" if language == "de" else f"/{language}"

    for path in ("/", "/gibt-es-nicht/"):
        html = visitor().get(prefix + path).content.decode()
        assert f'<html lang="{language}" dir="{direction}">' in html


def test_every_page_leads_to_itself_in_every_language(bookable: tuple[Made, VisitType]) -> None:
    made, visit_type = bookable
    path = f"/praxis/{made.practice.slug}/termin/{visit_type.id}/"
    answer = visitor().get(f"/ar{path}")
    html = answer.content.decode()

    for code, name in settings.LANGUAGES:
        prefix = "" if code == "de" else f"/{code}"
        direction = "rtl" if code == "ar" else "ltr"
        assert f'<a href="{prefix}{path}" hreflang="{code}" lang="{code}" dir="{direction}"' in html
        assert f">{name}</a>" in html
        assert prefix + path in Page(answer).links


@LANGUAGES
def test_the_practices_texts_are_english_where_it_wrote_english(
    bookable: tuple[Made, VisitType], language: str
) -> None:
    made, _visit_type = bookable
    url = f"/{language}/praxis/{made.practice.slug}/"

    assert "Checkup" in visitor().get(url).content.decode()
    assert "Xyzzy" not in visitor().get(url).content.decode()


@LANGUAGES
@pytest.mark.parametrize("path", ["", "anmelden/", "liste/?tage=2"])
def test_the_desk_is_german_or_english(language: str, path: str) -> None:
    answer = visitor().get(f"/{language}/desk/{path}")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/{path}")


@LANGUAGES
def test_the_api_is_german_or_english(language: str) -> None:
    answer = visitor().get("/api/v1/practices/gibt-es-nicht", headers={"accept-language": f"{language},en;q=0.5"})

    assert answer.headers["Content-Language"] == "en"


def test_what_runs_from_left_to_right_says_so_on_arabic_pages(bookable: tuple[Made, VisitType]) -> None:
    made, _visit_type = bookable

    imprint = visitor().get(f"/ar/praxis/{made.practice.slug}/impressum/").content.decode()
    card = visitor().get(f"/ar/praxis/{made.practice.slug}/").content.decode()

    assert '<bdi dir="ltr">030 1234</bdi>' in imprint
    assert "\u2066030 1234\u2069" in card
