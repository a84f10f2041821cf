"""The desk's pages of what patients ask for: the list, the count, one request with its steps, the restriction."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Patient
from sprechzeit.rights.ask import ask_at_desk, ask_by_link
from sprechzeit.rights.delete_own import delete_own
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.restrict import restrict
from sprechzeit.staff.models import Membership
from tests.booking.booked import rows
from tests.factories import Made, at_desk, book, in_days, make_bookable, make_person
from tests.web.page import Page

Kind = RightsRequest.Kind
SAID = "Bitte <alles>.\nDanke"


def asked(kind: Kind = Kind.RESTRICTION) -> tuple[Made, Client, UUID, UUID]:
    """A practice, its desk, a patient and the request that was recorded for them."""
    made, _ = make_bookable()
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person(last_name="Ferne", first_name="Frida"))
        request = ask_at_desk(made.id, made.actor, patient, kind, RightsRequest.Source.LETTER, today(made), SAID)
    return made, at_desk(made), patient, request


def today(made: Made) -> date:
    return clock.now().astimezone(made.practice.zone).date()


def due(made: Made, days: int) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        RightsRequest.objects.filter(practice=made.id).update(due_on=today(made) + timedelta(days=days))


def stored(made: Made) -> RightsRequest:
    (found,) = rows(made, RightsRequest)
    return found


def send(client: Client, url: str, ending: str, **typed: str) -> int:
    (form,) = [one for one in Page(client.get(url)).forms if one.action.endswith(ending)]
    return form.send(client, **typed).status_code


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (20, None),
        (5, "1 Antrag eines Patienten ist überfällig oder in den nächsten sieben Tagen fällig"),
        (-1, "1 Antrag eines Patienten ist überfällig oder in den nächsten sieben Tagen fällig"),
    ],
)
def test_what_presses_is_said_on_every_page(days: int, said: str | None) -> None:
    made, client, _patient, _request = asked()
    due(made, days)

    page = Page(client.get("/desk/")).text

    assert (said in page) if said else ("überfällig oder in den" not in page)


@pytest.mark.parametrize(("days", "word"), [(5, "bald fällig"), (-1, "überfällig")])
def test_the_list_says_it_in_words(days: int, word: str) -> None:
    made, client, _patient, _request = asked()
    due(made, days)

    page = Page(client.get("/desk/antraege/")).text

    assert word in page
    assert "Einschränkung der Verarbeitung: Ferne, Frida" in page


def test_the_inbox_and_the_menu_count_it() -> None:
    _made, client, _patient, _request = asked()

    page = client.get("/desk/eingang/").content.decode()

    assert "1 Antrag eines Patienten ist offen" in page
    assert '<span class="count">1<span class="visually-hidden"> offen</span></span>' in page


def test_erasure_asked_for_by_the_link_is_in_the_list_and_leads_to_the_patient() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    client = at_desk(made)
    client.post(f"/desk/termin/{booked.appointment_id}/uebernehmen/")
    delete_own(made.id, booked.manage_secret)

    (url,) = [one for one in Page(client.get("/desk/antraege/")).links if one.startswith("/desk/antraege/0")]

    assert any(one.endswith("/loeschen/") for one in Page(client.get(url)).links)


def test_one_request_shows_what_was_written_and_asks_for_the_identity_first() -> None:
    made, client, _patient, request = asked()
    url = f"/desk/antraege/{request}/"
    page = Page(client.get(url))

    assert "Bitte <alles>." in page.text
    assert "aufgenommen von Test" in page.text
    assert not [one for one in page.forms if one.action.endswith("/erledigt/")]
    assert send(client, url, "/identitaet/", identity="document") == 302
    assert send(client, url, "/erledigt/") == 302
    assert stored(made).state == "done"


def test_without_a_way_nothing_is_checked() -> None:
    made, client, _patient, request = asked()

    answer = client.post(f"/desk/antraege/{request}/identitaet/", {"identity": "believed"})

    assert answer.status_code == 422
    assert "Bitte geben Sie an, wie Sie die Person geprüft haben." in answer.content.decode()
    assert stored(made).identity == ""


def test_finishing_by_hand_without_a_check_is_refused() -> None:
    made, client, _patient, request = asked()

    answer = client.post(f"/desk/antraege/{request}/erledigt/")

    assert answer.status_code == 409
    assert stored(made).is_open


def test_the_time_is_extended_with_a_reason_and_the_page_says_so() -> None:
    _made, client, _patient, request = asked()
    url = f"/desk/antraege/{request}/"

    assert send(client, url, "/verlaengern/", delay="complex") == 302

    page = Page(client.get(url))
    assert "verlängert: Die Bearbeitung ist aufwendig." in page.text
    assert not [one for one in page.forms if one.action.endswith("/verlaengern/")]


def test_refusing_names_the_reason_and_the_complaint_and_asks_to_tell() -> None:
    _made, client, _patient, request = asked()
    url = f"/desk/antraege/{request}/"
    before = Page(client.get(url)).text

    assert send(client, url, "/ablehnen/", refusal="no-ground") == 302

    after = Page(client.get(url)).text
    assert "Berliner Beauftragte für Datenschutz" in before
    assert "Die Voraussetzungen dafür liegen nach unserer Prüfung nicht vor." in after
    assert "Teilen Sie der Person die Antwort mit" in after
    assert "klagen kann" in after


def test_the_card_records_a_request_and_lists_it() -> None:
    made, _ = make_bookable()
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())
    client = at_desk(made)
    form = Page(client.get(f"/desk/patient/{patient}/antrag/")).form(with_field="received")

    again = [form.send(client, kind="access", source="phone", text="Alles bitte") for _ in range(2)]

    assert {one.status_code for one in again} == {302}
    assert (stored(made).kind, stored(made).source) == ("access", "phone")
    card = Page(client.get(f"/desk/patient/{patient}/"))
    assert f"/desk/antraege/{stored(made).id}/" in card.links


@pytest.mark.parametrize(
    "wrong", [{"kind": "all"}, {"source": "link"}, {"received": "gestern"}, {"received": "2100-01-01"}]
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(wrong: dict[str, str]) -> None:
    made, client, patient, _request = asked()
    sent = {"kind": "access", "source": "phone", "received": today(made).isoformat(), "text": "Alles bitte", **wrong}

    answer = client.post(f"/desk/patient/{patient}/antrag/", sent)

    assert answer.status_code == 422
    assert "Alles bitte" in answer.content.decode()
    assert len(rows(made, RightsRequest)) == 1


def test_the_restriction_is_on_the_card_and_lifted_once_the_patient_was_told() -> None:
    made, client, patient, _request = asked()
    with wearing(Role.DESK):
        restrict(made.id, made.actor, patient)
    card, url = f"/desk/patient/{patient}/", f"/desk/patient/{patient}/einschraenkung/"

    assert "Verarbeitung eingeschränkt seit" in Page(client.get(card)).text
    assert client.post(url, {"told": ""}).status_code == 422
    assert rows(made, Patient)[0].restricted_at is not None
    assert client.post(url, {"told": "phone"}).status_code == 302
    assert "Verarbeitung eingeschränkt seit" not in Page(client.get(card)).text


@pytest.mark.parametrize("page", ["berichtigen", "loeschen"])
def test_while_restricted_the_forms_change_nothing_and_say_why(page: str) -> None:
    made, client, patient, _request = asked()
    with wearing(Role.DESK):
        restrict(made.id, made.actor, patient)
    url = f"/desk/patient/{patient}/{page}/"
    (form,) = [one for one in Page(client.get(url)).forms if one.action.endswith(url)]

    answer = form.send(client, **({"last_name": "Anders"} if page == "berichtigen" else {}))

    assert answer.status_code == 409
    assert "eingeschränkt" in answer.content.decode()
    assert len(rows(made, Patient)) == 1


@pytest.mark.parametrize("role", ["read-only", "referrer"])
def test_who_may_not_change_records_sees_none_of_it(role: str) -> None:
    made, client, _patient, request = asked()
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id, member=made.member).update(role=role)

    answer = client.get(f"/desk/antraege/{request}/")

    assert answer.status_code == 403
    assert "<alles>" not in Page(answer).text
    assert "Ferne" not in Page(answer).text


def test_the_trail_tells_each_step_in_words() -> None:
    _made, client, patient, request = asked()
    url = f"/desk/antraege/{request}/"
    send(client, url, "/identitaet/", identity="answer")
    send(client, url, "/erledigt/")
    client.post(f"/desk/patient/{patient}/einschraenkung/", {"told": "letter"})

    page = Page(client.get("/desk/protokoll/")).text

    for words in (
        "Antrag zu Rechten an den eigenen Daten gestellt",
        "Geprüft, ob ein Antrag vom Patienten kommt",
        "mit einer Frage geprüft",
        "Antrag zu Rechten an den eigenen Daten erledigt",
        "Verarbeitung der Daten eines Patienten eingeschränkt",
        "Einschränkung der Verarbeitung aufgehoben",
        "mit einem Brief",
    ):
        assert words in page


def test_a_request_of_somebody_not_in_the_records_leads_to_the_booking() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    ask_by_link(made.id, booked.manage_secret, Kind.RESTRICTION, "")
    client = at_desk(made)
    url = f"/desk/antraege/{stored(made).id}/"
    client.post(url + "identitaet/", {"identity": "document"})

    answer = client.post(url + "erledigt/")

    assert answer.status_code == 409
    assert "Übernehmen Sie zuerst die Online-Buchung." in answer.content.decode()
    assert f"/desk/termin/{booked.appointment_id}/" in Page(answer).links
