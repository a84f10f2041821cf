"""By the manage link: ask for what one has a right to, and see until when and what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.hold import hold
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.patients.models import Consent
from sprechzeit.rights.check_identity import check_identity
from sprechzeit.rights.close import finish, refuse
from sprechzeit.rights.delete_own import delete_own
from sprechzeit.rights.extend import extend
from sprechzeit.rights.identity import Identity
from sprechzeit.rights.models import RightsRequest, RightsText
from sprechzeit.vault import link_to_text
from tests.booking.booked import rows
from tests.factories import Made, book, in_days, make_bookable, make_person, type_id, visitor
from tests.web.page import Page


def opened() -> tuple[Made, Booked, Client, str]:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    return made, booked, visitor(), url_of(made, booked)


def url_of(made: Made, booked: Booked) -> str:
    return f"/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/rechte/"


def ask(client: Client, url: str, **typed: str) -> Page:
    answer = Page(client.get(url)).form(with_field="kind").send(client, **typed)
    return Page(client.get(answer.headers["Location"]) if answer.status_code == 303 else answer)


def test_the_appointments_page_leads_to_it_while_it_stands_and_afterwards() -> None:
    _made, _booked, client, url = opened()
    manage = url.removesuffix("rechte/")

    assert url in Page(client.get(manage)).links
    with clock.travelled(timedelta(days=5)):
        assert url in Page(client.get(manage)).links


def test_it_is_put_in_sealed_and_the_page_tells_until_when() -> None:
    made, _booked, client, url = opened()

    page = ask(client, url, kind="correction", text="Ich heiße Fern.")

    assert "Ihr Antrag ist bei der Praxis" in page.text
    assert "Die Praxis antwortet spätestens am" in page.text
    assert "Ich heiße Fern." not in page.text
    assert len(rows(made, RightsText)) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "correction", "text": ""}, "text"),
        ({"kind": "access", "text": "x" * 1001}, "text"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(typed: dict[str, str], field: str) -> None:
    made, _booked, client, url = opened()

    page = ask(client, url, **typed)

    assert page.status == 422
    assert list(page.errors) == [field]
    assert rows(made, RightsRequest) == []
    assert typed.get("text", "") in page.text


def test_asked_for_again_it_says_that_it_is_open() -> None:
    made, _booked, client, url = opened()
    ask(client, url, kind="access")

    page = ask(client, url, kind="access")

    assert page.status == 409
    assert "Diesen Antrag haben Sie schon gestellt." in page.text
    assert len(rows(made, RightsRequest)) == 1


def test_each_step_of_the_practice_is_told() -> None:
    made, _booked, client, url = opened()
    ask(client, url, kind="access")
    (asked,) = rows(made, RightsRequest)
    told = [Page(client.get(url)).text]
    with wearing(Role.DESK):
        extend(made.id, made.actor, asked.id, RightsRequest.Delay.MANY)
        check_identity(made.id, made.actor, asked.id, Identity.DOCUMENT)
        told.append(Page(client.get(url)).text)
        finish(made.id, made.actor, asked.id)
    told.append(Page(client.get(url)).text)

    assert "Eingegangen" in told[0]
    assert "In Bearbeitung" in told[1]
    assert "Es liegen gerade viele Anträge vor." in told[1]
    assert "Die Praxis hat Ihren Antrag am" in told[2]


def test_a_refusal_tells_the_reason_and_where_to_complain() -> None:
    made, _booked, client, url = opened()
    with clock.travelled(timedelta(days=5)):
        ask(client, url, kind="erasure")
    with wearing(Role.DESK):
        refuse(made.id, made.actor, rows(made, RightsRequest)[0].id, "must-keep")

    page = Page(client.get(url)).text

    assert "Wir müssen diese Daten aufbewahren" in page
    assert "Berliner Beauftragte für Datenschutz" in page
    assert "oder klagen" in page


def test_while_there_is_a_page_that_deletes_it_is_led_to() -> None:
    made, _booked, client, url = opened()
    delete = url.replace("rechte", "loeschen")

    answer = client.post(url, {"kind": "erasure"})

    assert delete in Page(client.get(url)).links
    assert "erasure" not in Page(client.get(url)).form(with_field="kind").choices.get("kind", [])
    assert (answer.status_code, answer.headers["Location"]) == (303, delete)
    assert rows(made, RightsRequest) == []


def test_after_the_visit_erasure_is_asked_for_here_and_consents_end_with_it() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))
    booked = confirm(made.id, held.secret, make_person(), consents=["recall"])
    client, url = visitor(), url_of(made, booked)

    with clock.travelled(timedelta(days=5)):
        ask(client, url, kind="erasure")
        seen = client.get(url.replace("rechte", "loeschen"))

    assert [one.kind for one in rows(made, RightsRequest)] == ["erasure"]
    assert [one.withdrawn_at is not None for one in rows(made, Consent)] == [True]
    assert seen.headers["Location"] == url


def test_when_nothing_is_stored_any_more_there_is_nothing_to_ask_for() -> None:
    made, booked, client, url = opened()
    cancel_managed(made.id, booked.manage_secret)
    delete_own(made.id, booked.manage_secret)

    page = Page(client.get(url))

    assert page.forms == [one for one in page.forms if "kind" not in {*one.fields, *one.choices}]
    assert "nichts mehr über Sie gespeichert" in page.text
    assert client.post(url, {"kind": "access"}).status_code == 409


def test_another_link_shows_none_of_it() -> None:
    made, _booked, client, url = opened()
    ask(client, url, kind="access")
    other, _theirs, _client, elsewhere = opened()

    assert "Eingegangen" not in Page(client.get(elsewhere)).text
    strange = elsewhere.replace(other.practice.slug, made.practice.slug)
    assert client.get(strange).status_code == 404
