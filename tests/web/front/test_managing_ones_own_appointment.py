"""What the page behind a manage link lets a patient do, without script, and when it tells nothing any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.booking.refuse import refuse
from sprechzeit.booking.written import written
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.patients.models import Intake
from sprechzeit.practices.models import VisitType
from sprechzeit.rights.models import RightsRequest
from tests.booking.booked import book_by_phone, rows
from tests.factories import Made, in_days, make_bookable, visitor
from tests.web.front.walk import book
from tests.web.page import Page

NOTHING_TOLD = "Dieser Link zeigt deshalb nichts mehr an."


def booked_one(hour: int = 9, **fields: object) -> tuple[Made, VisitType, Client, str]:
    made, visit_type = make_bookable(**fields)
    client = visitor()
    return made, visit_type, client, book(client, made, visit_type, in_days(1, hour))


def test_a_cancellation_is_taken_back_with_one_button_and_the_time_left_is_said() -> None:
    made, _type, client, url = booked_one()
    client.post(url + "absagen/")
    page = Page(client.get(url))

    back = page.form(with_field="schluessel").send(client)

    assert "Noch 10 Minuten lang, bis " in page.text
    assert (back.status_code, back.headers["Location"]) == (303, f"{url}?zurueck=1")
    assert "Ihr Termin gilt wieder" in Page(client.get(back.headers["Location"])).text
    assert rows(made, Appointment)[0].status == "booked"


def test_the_last_minute_is_said_in_the_singular() -> None:
    _made, _type, client, url = booked_one()
    client.post(url + "absagen/")

    with clock.travelled(timedelta(minutes=9, seconds=30)):
        text = Page(client.get(url)).text

    assert "Noch 1 Minute lang" in text


def test_when_the_time_is_gone_others_stand_there_to_be_taken() -> None:
    made, visit_type, client, url = booked_one()
    client.post(url + "absagen/")
    form = Page(client.get(url)).form(with_field="schluessel")
    book_by_phone(made, visit_type, in_days(1, 9))

    refused = form.send(client)
    page = Page(refused)
    others = page.form(with_field="zeit")
    back = others.send(client, others.buttons[0])

    assert refused.status_code == 409
    assert "gerade vergeben" in page.text
    assert others.buttons[0] == ("zeit", in_days(1, 9, 30).isoformat())
    assert back.status_code == 303
    assert sorted(one.starts_at for one in rows(made, Appointment)) == [in_days(1, 9), in_days(1, 9, 30)]


def test_ten_minutes_after_the_cancellation_the_page_tells_nothing() -> None:
    made, _type, client, url = booked_one()
    client.post(url + "absagen/")

    with clock.travelled(timedelta(minutes=10, seconds=1)):
        answer = client.get(url)
        late = client.post(url + "zurueck/")
        others = [client.get(url + page) for page in ("schreiben/", "kontakt/", "loeschen/", "absagen/")]
        calendar = client.get(url + "termin.ics")

    page = Page(answer)
    assert NOTHING_TOLD in page.text
    assert "Sprechstunde" not in page.text
    assert "Dr. Test" not in page.text
    assert page.forms == []
    assert late.status_code == 409
    assert "Sprechstunde" not in Page(late).text
    assert [one.headers["Location"] for one in others] == [url] * 4
    assert calendar.status_code == 404
    assert rows(made, Appointment)[0].status == "cancelled"


def test_what_the_practice_cancelled_is_told_until_it_would_have_ended() -> None:
    made, _type, client, url = booked_one()
    (row,) = rows(made, Appointment)
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, row.id, version=1)

    with clock.travelled(timedelta(minutes=30)):
        soon = Page(client.get(url))
    with clock.travelled(timedelta(days=2)):
        later = Page(client.get(url))

    assert "Die Praxis hat ihn abgesagt." in soon.text
    assert "Sprechstunde" in soon.text
    assert soon.forms == []
    assert NOTHING_TOLD in later.text


def test_new_contact_data_is_sent_and_what_is_stored_is_never_shown() -> None:
    made, _type, client, url = booked_one()
    asked = client.get(url + "kontakt/")
    form = Page(asked).form(with_field="email")

    sent = [form.send(client, phone="0170 1234567") for _ in range(2)]

    assert b"erika@example.org" not in asked.content
    assert {one.headers["Location"] for one in sent} == {f"{url}?kontakt=1"}
    assert len(rows(made, PatientNote)) == 1
    with wearing(Role.DESK):
        (note,) = written(made.keys, made.actor)
    assert (note.note.sent.phone, note.note.sent.email) == ("+491701234567", "")


@pytest.mark.parametrize(
    ("typed", "field"), [({}, "email"), ({"email": "kein"}, "email"), ({"phone": "eins"}, "phone")]
)
def test_contact_data_that_is_none_is_told_at_its_field(typed: dict[str, str], field: str) -> None:
    made, _type, client, url = booked_one()

    answer = Page(client.get(url + "kontakt/")).form(with_field="email").send(client, **typed)

    page = Page(answer)
    assert (page.status, list(page.errors)) == (422, [field])
    assert {name: page.form(with_field="email").fields[name] for name in typed} == typed
    assert rows(made, PatientNote) == []


def test_a_message_is_sent_once_however_often_the_form_is() -> None:
    made, _type, client, url = booked_one()
    page = Page(client.get(url + "schreiben/"))
    form = page.form(with_field="text")

    sent = [form.send(client, text="Ich komme später.") for _ in range(2)]
    form.send(client, text="Doch nicht.")

    assert "nichts über Beschwerden" in page.text
    assert {one.headers["Location"] for one in sent} == {f"{url}?geschrieben=1"}
    with wearing(Role.DESK):
        assert [one.note.sent.text for one in written(made.keys, made.actor)] == ["Ich komme später.", "Doch nicht."]


def test_an_empty_or_a_long_message_is_told_at_its_field_and_kept() -> None:
    made, _type, client, url = booked_one()
    form = Page(client.get(url + "schreiben/")).form(with_field="text")

    empty, long = Page(form.send(client, text=" ")), form.send(client, text="x" * 501)

    assert (empty.status, list(empty.errors)) == (422, ["text"])
    assert (long.status_code, b"x" * 501 in long.content) == (422, True)
    assert rows(made, PatientNote) == []


def test_a_refusal_is_answered_from_its_page() -> None:
    made, _type, client, url = booked_one()
    (row,) = rows(made, Appointment)
    with wearing(Role.DESK):
        refuse(made.keys, made.actor, row.id, "Bitte rufen Sie uns an.", version=1)

    page = Page(client.get(url))
    form = Page(client.get(url + "schreiben/"))
    sent = form.form(with_field="text").send(client, text="Ich rufe an.")

    assert url + "schreiben/" in page.links
    assert "Bitte rufen Sie uns an." in form.text
    assert "Ihre Nachricht ist bei der Praxis" in Page(client.get(sent.headers["Location"])).text


def test_deleting_says_before_what_goes_and_after_what_is_gone() -> None:
    made, _type, client, url = booked_one()
    before = Page(client.get(url + "loeschen/"))

    sent = [before.form(with_field="schluessel").send(client) for _ in range(2)]
    after = Page(client.get(url + "loeschen/"))

    assert "Der Termin wird abgesagt." in before.text
    assert "noch nicht in ihre Kartei übernommen" in before.text
    assert {(one.status_code, one.headers["Location"]) for one in sent} == {(303, url + "loeschen/")}
    assert "Zu diesem Termin ist nichts mehr über Sie gespeichert" in after.text
    assert rows(made, Intake) == []
    assert NOTHING_TOLD in Page(client.get(url)).text


def test_what_the_practice_has_to_decide_is_said_plainly() -> None:
    made, _type, client, url = booked_one()
    (row,) = rows(made, Appointment)
    with wearing(Role.DESK):
        accept(made.keys, made.actor, row.id)
    before = Page(client.get(url + "loeschen/"))

    before.form(with_field="schluessel").send(client)
    after = Page(client.get(url + "loeschen/"))

    assert "schon in ihre Kartei übernommen" in before.text
    assert "Ihre Bitte um Löschung ist bei der Praxis" in after.text
    assert "Der Termin ist abgesagt." in after.text
    assert [one.kind for one in rows(made, RightsRequest)] == ["erasure"]


def test_a_request_is_no_booking_until_the_practice_has_taken_it_over() -> None:
    made, _type, client, url = booked_one(needs_confirmation=True)
    (row,) = rows(made, Appointment)

    new, asked, file = Page(client.get(url + "?neu=1")), Page(client.get(url)), client.get(url + "termin.ics")
    with wearing(Role.DESK):
        accept(made.keys, made.actor, row.id)
    confirmed, later = Page(client.get(url)), client.get(url + "termin.ics")

    for page in (new, asked):
        assert "Ihre Anfrage ist eingegangen, die Praxis bestätigt" in page.text
        assert "ist gebucht" not in page.text
    assert b"STATUS:TENTATIVE" in file.content
    assert "Anfrage" not in confirmed.text
    assert b"STATUS:CONFIRMED" in later.content
    assert rows(made, Appointment)[0].confirmed_at is not None


@pytest.mark.parametrize("page", ["zurueck/", "kontakt/", "schreiben/", "loeschen/"])
def test_a_link_that_is_none_opens_nothing(page: str) -> None:
    _made, _type, client, url = booked_one()
    wrong = url[:-8] + "AAAAAAA/"

    assert client.get(wrong + page).status_code == 404
    assert client.post(wrong + page, {"text": "x", "email": "a@example.org"}).status_code == 404
