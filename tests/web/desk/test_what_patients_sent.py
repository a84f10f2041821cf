"""What came by manage links stands in the inbox and on the card, and one click settles it."""

from __future__ import annotations

from django.test import Client

from sprechzeit.booking.models import PatientNote
from sprechzeit.booking.write_to_practice import answer_practice, correct_contact
from tests.booking.booked import rows
from tests.factories import Made, at_desk, book, in_days, make_bookable
from tests.web.page import Page


def press(client: Client, page: Page, ending: str) -> str:
    (form,) = [one for one in page.forms if one.action.endswith(ending)]
    answer = form.send(client)
    assert answer.status_code == 302
    return answer.headers["Location"]


def sent(kind: str) -> tuple[Made, Client, str]:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    if kind == "contact":
        correct_contact(made.id, booked.manage_secret, email="neu@example.org", phone="")
    else:
        answer_practice(made.id, booked.manage_secret, "Ich komme <später>.\nGruß")
    return made, at_desk(made), f"/desk/termin/{booked.appointment_id}/"


def test_a_message_is_unread_in_the_inbox_and_counted_until_it_was_read() -> None:
    made, client, card = sent("answer")
    page = Page(client.get("/desk/eingang/"))

    back = press(client, page, "/erledigt/")

    assert "Ich komme <später>." in page.text
    assert "Ferne, Frida" in page.text
    assert back == "/desk/eingang/"
    assert "Von Patienten geschrieben" not in Page(client.get("/desk/eingang/")).text
    assert "Ich komme <später>." in Page(client.get(card)).text
    assert rows(made, PatientNote)[0].settled_at is not None


def test_the_count_in_the_bar_falls_by_one() -> None:
    _made, client, card = sent("answer")
    before = client.get(card)

    press(client, Page(before), "/erledigt/")

    assert '<span class="count">2</span>' in before.content.decode()
    assert '<span class="count">1</span>' in client.get(card).content.decode()


def test_contact_data_is_taken_over_from_the_card() -> None:
    made, client, card = sent("contact")
    note = rows(made, PatientNote)[0].id
    page = Page(client.get(card))

    back = press(client, page, f"{note}/uebernehmen/")

    after = client.get(back).content.decode()
    assert "erika@example.org" in page.text
    assert "neu@example.org" in page.text
    assert back == card
    assert "neu@example.org" in after
    assert "erika@example.org" not in after
    assert "Neue Kontaktdaten" not in after


def test_a_request_for_a_time_is_marked_on_the_card_until_it_is_taken_over() -> None:
    made, visit_type = make_bookable(needs_confirmation=True)
    booked = book(made, visit_type, in_days(1, 9))
    client, url = at_desk(made), f"/desk/termin/{booked.appointment_id}/"
    before = Page(client.get(url))

    client.post(url + "uebernehmen/")

    assert "angefragt" in before.text
    assert "angefragt" not in Page(client.get(url)).text
