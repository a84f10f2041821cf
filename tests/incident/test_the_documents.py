"""What Art. 33(2), 33(3) and 34(2) GDPR ask for stands in the documents, in German and in English."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.incident.documents import LANGUAGES, Document, Kind, document
from sprechzeit.incident.texts import Texts
from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.practices.models import Practice
from sprechzeit.staff.brake import end_sessions
from tests.incident.registered import FULL, enter, shown
from tests.incident.scraped import House, by_card, by_moving, make_house, walk

CONTACT = "Datenschutzbeauftragte Dr. Vera Schutz, schutz@example.org"
GAP = re.compile(r"\[[^\]]+\]")


@pytest.fixture(scope="module")
def house(database: None) -> House:
    house = make_house(patients=4, visits=2)
    with wearing(Role.DESK), acting_for(house.made.id):
        Practice.objects.filter(id=house.made.id).update(
            privacy_contact=CONTACT, responsible="Dr. Haus", street="Am Markt 1", postal_code="80331", city="München",
            phone="089 123", subdivision="BY",
        )  # fmt: skip  # lines grouped by hand
        house.made.practice.refresh_from_db()
    now = clock.now()
    house.begun = now
    walk(house, house.thief, by_card, 0, now)
    walk(house, house.thief, by_card, 2, now)
    walk(house, house.thief, by_moving, 1, now)
    with wearing(Role.DESK):
        end_sessions(house.made.id, house.made.actor, UUID(house.thief.id))
    return house


@pytest.fixture(scope="module")
def incident(house: House) -> UUID:
    return enter(house.made, house.begun, sessions=frozenset({house.thief.session}))


def written(
    house: House, incident: UUID, kind: Kind, language: str, texts: Texts = FULL, **changed: object
) -> Document:
    found = shown(house.made, incident)
    for name, value in changed.items():
        setattr(found.row, name, value)
    with wearing(Role.DESK):
        return document(kind, language, house.made.practice, found.row, texts, found.extent)


def section(document: Document, beginning: str) -> str:
    """What stands under the heading that begins so."""
    kinds = [(one.kind == "head" and one.text.startswith(beginning)) for one in document.blocks]
    begin = kinds.index(True) + 1
    rest = document.blocks[begin:]
    ends = [place for place, one in enumerate(rest) if one.kind == "head"]
    return "\n".join(one.text for one in rest[: ends[0] if ends else len(rest)])


def test_the_nature_of_the_breach_with_categories_and_numbers_stands_in_a(house: House, incident: UUID) -> None:
    german = section(written(house, incident, Kind.AUTHORITY, "de"), "a)")
    english = section(written(house, incident, Kind.AUTHORITY, "en"), "a)")

    assert FULL.facts in german
    assert "Zahl der betroffenen Personen: 3 sicher" in german
    assert "Zahl der betroffenen Datensätze: ungefähr 4" in german  # three records and one appointment
    assert "Patientinnen und Patienten" in german
    assert "Vertraulichkeit, und durch Änderungen die Integrität der Daten" in german
    assert {"Name", "Telefonnummer und E-Mail-Adresse"} <= set(german.splitlines())
    assert FULL.facts_en in english
    assert "Number of data subjects concerned: 3 certainly" in english
    assert "Number of records concerned: approximately 4" in english
    assert {"name", "telephone number and e-mail address"} <= set(english.splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contact_point_stands_in_b(house: House, incident: UUID, language: str) -> None:
    assert section(written(house, incident, Kind.AUTHORITY, language), "b)") == CONTACT


def test_likely_consequences_stand_in_c_typed_or_by_the_categories(house: House, incident: UUID) -> None:
    assert section(written(house, incident, Kind.AUTHORITY, "de"), "c)") == FULL.effects
    assert section(written(house, incident, Kind.AUTHORITY, "en"), "c)") == FULL.effects_en
    assert "Gesundheitsdaten" in section(written(house, incident, Kind.AUTHORITY, "de", Texts()), "c)")
    assert "data concerning health" in section(written(house, incident, Kind.AUTHORITY, "en", Texts()), "c)")


def test_measures_stand_in_d_with_those_that_the_trail_tells_of(house: House, incident: UUID) -> None:
    german = section(written(house, incident, Kind.AUTHORITY, "de"), "d)")
    english = section(written(house, incident, Kind.AUTHORITY, "en"), "d)")

    assert FULL.measures in german
    assert "Sitzungen wurden durch die Notbremse beendet." in german
    assert FULL.measures_en in english
    assert "Sessions were ended by the emergency brake." in english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["BY", "SN", "NW"])
def test_it_goes_to_the_authority_of_the_federal_state(house: House, incident: UUID, language: str, state: str) -> None:
    house.made.practice.subdivision = state

    text = written(house, incident, Kind.AUTHORITY, language).text

    house.made.practice.subdivision = "BY"
    assert AUTHORITIES[state] in text


@pytest.mark.parametrize(
    ("language", "reasons"), [("de", "Gründe für die Verzögerung"), ("en", "Reasons for the delay")]
)
def test_after_72_hours_reasons_for_the_delay_are_asked_for(
    house: House, incident: UUID, language: str, reasons: str
) -> None:
    late = clock.now() - timedelta(hours=73)
    texts = replace(FULL, delay="Der Brief lag im Urlaub.")

    in_time = written(house, incident, Kind.AUTHORITY, language)
    told_late = written(house, incident, Kind.AUTHORITY, language, texts, aware_at=late)
    untold = written(house, incident, Kind.AUTHORITY, language, aware_at=late)

    assert reasons not in in_time.text
    assert section(told_late, reasons) == texts.delay
    assert GAP.search(section(untold, reasons))


def test_what_nobody_has_written_is_a_gap_and_not_made_up(house: House, incident: UUID) -> None:
    house.made.practice.privacy_contact = ""

    empty = written(house, incident, Kind.AUTHORITY, "de", Texts())

    house.made.practice.privacy_contact = CONTACT
    assert GAP.search(section(empty, "b)"))
    assert GAP.search(section(empty, "d)"))
    assert "[" not in written(house, incident, Kind.AUTHORITY, "de").text.replace("[Bitte den Betreiber", "(")


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "de",
            {
                "Was ist geschehen?": FULL.facts,  # the nature, in plain words
                "Welche Daten": "Name",
                "Welche Folgen": FULL.effects,  # 33(3)(c)
                "Was haben wir getan?": FULL.measures,  # 33(3)(d)
                "Was können Sie tun?": "Rufen Sie uns an",
                "An wen": CONTACT,  # 33(3)(b)
            },
        ),
        (
            "en",
            {
                "What happened?": FULL.facts_en,
                "Which data": "name",
                "What may come of it?": FULL.effects_en,
                "What have we done?": FULL.measures_en,
                "What can you do?": "Call us",
                "Whom can you ask?": CONTACT,
            },
        ),
    ],
)
def test_patients_read_what_article_34_asks_for(
    house: House, incident: UUID, language: str, wanted: dict[str, str]
) -> None:
    letter = written(house, incident, Kind.PATIENT, language)

    for heading, text in wanted.items():
        assert text in section(letter, heading)
    assert not GAP.search(letter.text)
    assert AUTHORITIES["BY"] in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_to_patients_is_in_plain_words(house: House, incident: UUID, language: str) -> None:
    """No article, no foreign word of the trade, no sentence of more than 30 words."""
    text = written(house, incident, Kind.PATIENT, language, Texts(measures="Gesperrt.", measures_en="Shut out.")).text

    for word in ("Artikel", "Article", "DSGVO", "GDPR", "Verantwortlicher", "controller", "Integrität", "integrity"):
        assert word not in text
    sentences = re.split(r"[.!?:\n]\s*", text)
    assert max(len(one.split()) for one in sentences) <= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hosts_notice_has_the_same_four_points(house: House, incident: UUID, language: str) -> None:
    told = {"facts_de": "Log kopiert.", "facts_en": "Log copied.", "measures_de": "Zu.", "measures_en": "Closed.",
            "contact": "betrieb@example.org"}  # fmt: skip  # lines grouped by hand

    notice = written(house, incident, Kind.HOST, language, told=told)

    assert told[f"facts_{language}"] in section(notice, "a)")
    assert "3" in section(notice, "a)")
    assert "betrieb@example.org" in section(notice, "b)")
    assert section(notice, "c)")
    assert told[f"measures_{language}"] in section(notice, "d)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_no_document_names_a_patient(house: House, incident: UUID, kind: Kind, language: str) -> None:
    text = written(house, incident, kind, language).text

    for name in ("Abendroth", "Bachmeier", "Czerny", "Erika", "erika@example.org"):
        assert name not in text


@pytest.mark.parametrize("kind", list(Kind))
def test_both_languages_have_the_same_parts(house: House, incident: UUID, kind: Kind) -> None:
    german, english = (written(house, incident, kind, language) for language in LANGUAGES)

    assert [one.kind for one in german.blocks] == [one.kind for one in english.blocks]
