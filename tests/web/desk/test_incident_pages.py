"""The register on the desk: enter an incident, see whom it reached, take the documents out, note what was told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import override_settings

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.models import Alarm
from sprechzeit.incident.look import PAGE
from sprechzeit.incident.models import Incident
from sprechzeit.incident.read import incidents_of
from sprechzeit.incident.texts import Texts
from sprechzeit.practices.models import Practice
from sprechzeit.staff.brake import freeze, release
from sprechzeit.staff.models import DeskSession, Membership, Passkey
from sprechzeit.staff.session import STEP_UP, begin
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import events, rows
from tests.factories import BERLIN, Made, at_desk, make_bookable, visitor
from tests.guard.watched import alarms, people, tell
from tests.incident.registered import FULL, enter
from tests.incident.scraped import THIEF, House, by_card, by_moving, by_search, make_house, name, walk

CONTACT = "Dr. Vera Schutz, schutz@example.org"


@pytest.fixture(scope="module")
def house(database: None) -> House:
    house = make_house(patients=6, visits=2)
    with wearing(Role.DESK), acting_for(house.made.id):
        Practice.objects.filter(id=house.made.id).update(privacy_contact=CONTACT, subdivision="SN")
    house.begun = clock.now()
    for way, number in ((by_card, 0), (by_search, 3), (by_moving, 1)):
        walk(house, house.thief, way, number, clock.now(), address=THIEF)
    walk(house, house.other, by_card, 5, clock.now())
    return house


@pytest.fixture
def incident(house: House) -> UUID:
    return enter(house.made, house.begun, sessions=frozenset({house.thief.session}))


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")


def page(made: Made, incident: UUID, path: str = "", **query: str) -> HttpResponse:
    return at_desk(made).get(f"/desk/vorfaelle/{incident}/{path}", query)


def change(made: Made, incident: UUID, was: str, **fields: Any) -> HttpResponse:
    with wearing(Role.DESK), acting_for(made.id):
        version = Incident.objects.get(practice=made.id, id=incident).version
    data = {"was": was, "version": version, **fields}
    return at_desk(made).post(f"/desk/vorfaelle/{incident}/aendern/", data)


def numbers(answer: HttpResponse) -> list[str]:
    """Certain, possible, excluded, changed."""
    return re.findall(r"<dd>(\d+)</dd>", answer.content.decode())


def test_an_incident_is_entered_for_a_member_and_an_address_and_shows_whom_it_reached(house: House) -> None:
    form = {
        "since": local(house.begun - timedelta(minutes=1)),
        "until": local(clock.now()),
        "aware": local(clock.now()),
        "actor": house.thief.id,
        "networks": "203.0.113.0/24",
        "facts": "Fremde Sitzung",
        "key": "einmal",
    }
    client = at_desk(house.made)

    answer = client.post("/desk/vorfaelle/neu/", form)
    again = client.post("/desk/vorfaelle/neu/", form)

    assert answer.status_code == 302
    assert again.headers["Location"] == answer.headers["Location"]
    shown = client.get(answer.headers["Location"])
    assert numbers(shown) == ["3", "0", "3", "1"]
    assert "Noch 2 Tage und 23 Stunden" in shown.content.decode()
    assert "Sächsische Datenschutz" in shown.content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("until", "2020-01-01T08:00"), ("since", "gestern"), ("aware", ""), ("networks", "überall")]
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_entered(house: House, field: str, value: str) -> None:
    before = len(rows(house.made, Incident))
    form = {"since": local(house.begun), "until": local(clock.now()), "aware": local(clock.now()), "facts": "Bleibt"}

    answer = at_desk(house.made).post("/desk/vorfaelle/neu/", {**form, field: value})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in text
    assert "Bleibt" in text
    assert len(rows(house.made, Incident)) == before


def test_it_can_begin_from_an_alarm_with_its_member_and_time(house: House) -> None:
    with wearing(Role.DESK):
        raise_alarm("quota", house.made.id, cause="x", actor_kind="member", actor=house.thief.id)
        with acting_for(house.made.id):
            alarm = Alarm.objects.get(practice=house.made.id, rule="quota")
    client = at_desk(house.made)

    link = f"/desk/vorfaelle/neu/?alarm={alarm.id}"
    form = client.get(link).content.decode()

    assert link in client.get("/desk/alarme/").content.decode()
    assert re.search(rf'value="{house.thief.id}" checked', form)
    assert f'name="aware" value="{local(alarm.first_seen)}"' in form
    assert f'name="alarm" value="{alarm.id}"' in form


def test_the_page_names_nobody_and_the_next_one_names_exactly_them(house: House, incident: UUID) -> None:
    first = page(house.made, incident).content.decode()
    second = page(house.made, incident, "betroffene/").content.decode()

    everybody = [name(number) for number in range(6)]
    assert [one for one in everybody if one in first] == []
    assert [one for one in everybody if one in second] == [name(0), name(1), name(3)]
    (looked,) = events(house.made, "incident.view")[-1:]
    assert set(looked.subjects) == {house.patients[number] for number in (0, 1, 3)}


def test_a_look_without_a_fresh_passkey_shows_nobody(house: House, incident: UUID) -> None:
    with wearing(Role.DESK):
        passkey = Passkey.objects.create(member_id=house.made.member, credential_id=incident.bytes, public_key=b"-")
        cookie = begin(house.made.id, house.made.member, house.made.keys, passkey=passkey.id)
        with acting_for(house.made.id):
            proved = clock.now() - STEP_UP - timedelta(minutes=1)
            DeskSession.objects.filter(practice=house.made.id, passkey=passkey.id).update(proved_at=proved)
    client = visitor()
    client.cookies[cookie_name()] = cookie

    for path in ("betroffene/", "datei/?was=umfang"):
        answer = client.get(f"/desk/vorfaelle/{incident}/{path}")
        assert answer.status_code == 403
        assert name(0) not in answer.content.decode()
        assert str(house.patients[0]) not in answer.content.decode()
    assert client.post(f"/desk/vorfaelle/{incident}/briefe/", {"sprache": "de"}).status_code == 403


def test_only_owners_see_it(house: House, incident: UUID) -> None:
    with wearing(Role.DESK), acting_for(house.made.id):
        Membership.objects.filter(practice=house.made.id, member=house.made.member).update(role="physician")
    try:
        assert page(house.made, incident, "betroffene/").status_code == 403
    finally:
        with wearing(Role.DESK), acting_for(house.made.id):
            Membership.objects.filter(practice=house.made.id, member=house.made.member).update(role="owner")


@pytest.fixture(scope="module")
def large(database: None) -> tuple[Made, UUID, int]:
    """2,100 people seen by somebody: more than a member may open, or see by name, in an hour."""
    made, _ = make_bookable()
    begun = clock.now()
    with wearing(Role.DESK):
        for _number in range(7):
            tell(made, "day.view", people(300))
    return made, enter(made, begun), 2100


def test_an_owner_reads_a_report_of_any_size_and_no_quota_stops_it(large: tuple[Made, UUID, int]) -> None:
    made, incident, count = large
    client = at_desk(made)

    with override_settings(RATE_LIMITS=True):
        for number in range(1, count // PAGE + 1):
            answer = client.get(f"/desk/vorfaelle/{incident}/betroffene/", {"seite": number})
            assert answer.status_code == 200
            assert answer.content.decode().count("<tr>") == PAGE + 1

    assert [one.rule for one in alarms(made) if one.rule == "quota"] == []


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("kind", "form", "begins"), [
    ("authority", "pdf", b"%PDF"), ("authority", "txt", b""), ("patient", "pdf", b"%PDF"), ("host", "txt", b""),
])  # fmt: skip  # lines grouped by hand
def test_documents_come_as_files_and_it_is_recorded(
    house: House, incident: UUID, kind: str, form: str, begins: bytes, language: str
) -> None:
    answer = page(house.made, incident, "datei/", was=kind, sprache=language, form=form)

    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.headers["Cache-Control"] == "no-store"
    (event,) = events(house.made, "incident.document")[-1:]
    assert (event.subjects, event.details["document"], event.details["language"]) == ([incident], kind, language)


def test_the_extent_comes_as_json_with_identifiers(house: House, incident: UUID) -> None:
    told = page(house.made, incident, "datei/", was="umfang").json()

    assert {one["id"] for one in told["certain"]} == {str(house.patients[number]) for number in (0, 1, 3)}


@pytest.mark.parametrize("query", [{}, {"was": "alles", "sprache": "de", "form": "pdf"}, {"was": "host"}])
def test_a_document_that_does_not_exist_is_refused(house: House, incident: UUID, query: dict[str, str]) -> None:
    assert page(house.made, incident, "datei/", **query).status_code == 422


def letters(made: Made, incident: UUID, language: str = "de") -> HttpResponse:
    return at_desk(made).post(f"/desk/vorfaelle/{incident}/briefe/", {"sprache": language})


@pytest.mark.parametrize(("language", "greeting"), [("de", b"Guten Tag Erika"), ("en", b"Dear Erika")])
def test_a_letter_is_made_for_each_of_them_with_the_data_that_were_theirs(
    house: House, incident: UUID, language: str, greeting: bytes
) -> None:
    answer = letters(house.made, incident, language)

    text = answer.content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert text.count(greeting) == 3
    for number in range(6):
        assert (name(number).encode("cp1252") in text) == (number in {0, 1, 3})
    insurance = b"Art der Versicherung" if language == "de" else b"kind of insurance"
    assert text.count(insurance) == 1  # of the card only, not of the search or the move
    (event,) = events(house.made, "incident.letters")[-1:]
    assert set(event.subjects) == {house.patients[number] for number in (0, 1, 3)}


def test_no_letter_goes_out_with_a_gap_in_it(house: House) -> None:
    bare = enter(house.made, house.begun, texts=Texts(), sessions=frozenset({house.thief.session}))

    assert letters(house.made, bare).status_code == 422
    text = page(house.made, bare).content.decode()
    assert "Bevor etwas an Betroffene geht" in text
    assert "Briefe an alle sicher Betroffenen" not in text


def test_letters_are_an_export_that_freezing_stops(house: House, incident: UUID) -> None:
    with wearing(Role.DESK):
        freeze(house.made.id, house.made.actor)
    try:
        assert letters(house.made, incident).status_code == 423
    finally:
        with wearing(Role.DESK):
            release(house.made.id, house.made.actor)


def test_what_is_written_noted_and_closed_stands_on_the_page(house: House, incident: UUID) -> None:
    texts = {one: getattr(FULL, one) for one in ("facts", "effects", "measures", "facts_en")}
    assert change(house.made, incident, "angaben", risk="some", **texts).status_code == 302
    assert change(house.made, incident, "behoerde", authority=local(clock.now())).status_code == 302

    open_one = page(house.made, incident).content.decode()
    assert "rechtzeitig gemeldet" in open_one
    assert FULL.facts in open_one
    assert change(house.made, incident, "abschliessen").status_code == 302
    closed = page(house.made, incident).content.decode()
    assert "abgeschlossen" in closed
    assert "Vorfall abschließen" not in closed
    assert change(house.made, incident, "angaben", risk="high").status_code == 409
    assert change(house.made, incident, "oeffnen").status_code == 302


def test_it_cannot_be_closed_while_something_is_missing(house: House, incident: UUID) -> None:
    answer = change(house.made, incident, "abschliessen")

    assert answer.status_code == 422
    assert "Bewerten Sie das Risiko" in answer.content.decode()


def test_what_was_typed_stays_when_it_is_refused(house: House, incident: UUID) -> None:
    answer = change(house.made, incident, "angaben", risk="riesig", facts="Das bleibt stehen.")

    assert answer.status_code == 422
    assert "Das bleibt stehen." in answer.content.decode()


def test_after_72_hours_it_says_for_how_long_and_asks_for_reasons(house: House) -> None:
    late = enter(house.made, clock.now() - timedelta(days=5), aware=clock.now() - timedelta(hours=77, minutes=5))

    assert "seit 5 Stunden und 5 Minuten abgelaufen" in page(house.made, late).content.decode()


def test_it_is_computed_anew_for_a_session_chosen_on_the_page(house: House, incident: UUID) -> None:
    text = page(house.made, incident).content.decode()
    assert f'value="{house.thief.session}" checked' in text
    assert f'value="{house.other.session}"' in text
    span = {"since": local(house.begun - timedelta(minutes=1)), "until": local(clock.now())}

    change(house.made, incident, "umfang", **span, session=house.other.session)

    people_page = page(house.made, incident, "betroffene/").content.decode()
    assert name(5) in people_page
    assert name(0) not in people_page


def test_the_list_shows_all_with_their_clocks(house: House, incident: UUID) -> None:
    text = at_desk(house.made).get("/desk/vorfaelle/").content.decode()

    with wearing(Role.DESK):
        assert text.count("rows__one") == len(incidents_of(house.made.keys))
    assert "um den Vorfall der Aufsichtsbehörde zu melden" in text
