"""The pages by which patients without an appointment get on the list, and see, change and leave their place."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message
from sprechzeit.patients.models import Intake
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.vault import link_from_text, link_to_text, new_link_secret
from sprechzeit.waiting.models import WaitingEntry
from tests.booking.booked import rows
from tests.factories import Made, at_desk, in_days, make_person, open_up, visitor
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import entry_by, joins, links, make_full, offer_links, worker_looks


@pytest.fixture(autouse=True)
def _mail(database: None) -> Iterator[None]:
    with mail_server_set():
        yield


def form(**fields: object) -> dict[str, object]:
    person = make_person()
    known = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
    return {"platz": link_to_text(new_link_secret()), **known, "frist": "2", **fields}


def ask_of(made: Made, visit_type: VisitType) -> str:
    return reverse("front:wait-ask", args=[made.practice.slug, visit_type.id])


def place_of(made: Made, secret: bytes) -> str:
    return reverse("front:wait", args=[made.practice.slug, link_to_text(secret)])


def test_where_nothing_is_free_the_way_leads_to_the_list_and_back_to_the_place() -> None:
    made, visit_type = make_full(days=0)
    times = reverse("front:times", args=[made.practice.slug, visit_type.id])
    assert ask_of(made, visit_type) in visitor().get(times, {"vorab": "1"}).content.decode()
    assert "Was passt Ihnen?" in visitor().get(ask_of(made, visit_type)).content.decode()

    sent = visitor().post(ask_of(made, visit_type), form(tag=["2"], letzter=in_days(40).date().isoformat()))

    assert sent.status_code == 303
    page = visitor().get(sent.headers["Location"]).content.decode()
    assert "Sie stehen auf der Warteliste" in page
    assert "Ihr Platz gilt bis" in page
    assert "erika@example.org" not in page
    assert [one.weekdays for one in rows(made, WaitingEntry)] == [[2]]


def test_where_something_is_free_soon_nobody_is_sent_to_the_list() -> None:
    made, visit_type = make_full()
    times = reverse("front:times", args=[made.practice.slug, visit_type.id])

    assert ask_of(made, visit_type) not in visitor().get(times, {"vorab": "1"}).content.decode()


def test_where_the_first_free_time_is_far_away_the_list_is_named() -> None:
    made, visit_type = make_full(days=0)
    open_up(made, made.clinicians[0], in_days(12, 9), in_days(12, 10))
    times = reverse("front:times", args=[made.practice.slug, visit_type.id])

    page = visitor().get(times, {"vorab": "1"}).content.decode()

    assert "Ist Ihnen das zu spät?" in page
    assert ask_of(made, visit_type) in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"last_name": ""}, "last_name-fehler"),
        ({"email": "keine"}, "email-fehler"),
        ({"von": "12:00", "bis": "09:00"}, "bis-fehler"),
        ({"ab": in_days(9).date().isoformat(), "letzter": in_days(5).date().isoformat()}, "letzter-fehler"),
        ({"letzter": "x"}, "letzter-fehler"),
        ({"letzter": in_days(-2).date().isoformat()}, "letzter-fehler"),
        ({"first_name": "\x00"}, "first_name-fehler"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(fields: dict[str, str], told: str) -> None:
    made, visit_type = make_full(days=0)

    answer = visitor().post(ask_of(made, visit_type), form(**fields))

    assert answer.status_code == 422
    assert f'id="{told}"' in answer.content.decode()
    assert rows(made, WaitingEntry) == rows(made, Intake) == []


def test_what_the_visit_type_asks_first_is_asked_first() -> None:
    made, visit_type = make_full(days=0, open_to="known")

    first = visitor().get(ask_of(made, visit_type))
    sent = visitor().post(ask_of(made, visit_type), form())
    known = visitor().post(ask_of(made, visit_type), form(wer="bekannt"))

    assert first.headers["Location"].endswith("/vorab/")
    assert sent.status_code == 422
    assert known.status_code == 303


def test_the_link_in_the_mail_confirms_by_a_press_and_not_by_looking() -> None:
    made, visit_type = make_full(days=0)
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(confirm_email=True)
    sent = visitor().post(ask_of(made, visit_type), form())
    assert "Bitte sehen Sie in Ihre E-Mails" in visitor().get(sent.headers["Location"]).content.decode()
    [link] = links(made, Message.Kind.WAITING_LIST)
    parts = urlsplit(link)
    page = f"{parts.path}?{parts.query}"

    shown = visitor().get(page).content.decode()
    assert "Ja, ich möchte warten" in shown
    assert [one.state for one in rows(made, WaitingEntry)] == ["unconfirmed"]
    assert visitor().post(parts.path, {"bestaetigen": "falsch"}).status_code == 409
    answer = visitor().post(parts.path, {"bestaetigen": parts.query.partition("=")[2]})

    assert answer.status_code == 303
    assert "Sie stehen auf der Warteliste" in visitor().get(answer.headers["Location"]).content.decode()


def test_the_mail_can_be_asked_for_again() -> None:
    made, visit_type = make_full(days=0)
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(confirm_email=True)
    place = urlsplit(visitor().post(ask_of(made, visit_type), form()).headers["Location"]).path

    assert [visitor().post(place, {"nochmal": "1"}).status_code for _ in range(3)] == [303, 303, 409]
    assert len(links(made, Message.Kind.WAITING_LIST)) == 3


def test_wishes_are_changed_on_the_page_of_the_place() -> None:
    made, visit_type = make_full(days=0)
    secret = joins(made, visit_type)

    answer = visitor().post(place_of(made, secret), {"tag": ["1"], "frist": "24"})

    assert answer.status_code == 303
    entry = entry_by(made, secret)
    assert entry is not None
    assert (entry.weekdays, entry.notice_hours) == ([1], 24)
    wrong = visitor().post(place_of(made, secret), {"von": "25:99"})
    assert wrong.status_code == 422


def test_leaving_says_that_all_is_deleted_however_often_it_is_pressed() -> None:
    made, visit_type = make_full(days=0)
    secret = joins(made, visit_type)

    for _ in range(2):
        left = visitor().post(place_of(made, secret), {"weg": "1"}, follow=True)
        assert left.status_code == 200
        assert "Was Sie eingetragen hatten, ist gelöscht." in left.content.decode()

    assert rows(made, WaitingEntry) == rows(made, Intake) == []
    assert visitor().get(place_of(made, secret)).status_code == 404


def test_an_accepted_offer_leads_from_the_place_to_the_appointment() -> None:
    made, visit_type = make_full(days=1)
    secret = joins(made, visit_type)
    worker_looks(made)
    assert "Für Sie ist eine Zeit frei" in visitor().get(place_of(made, secret)).content.decode()
    offer = urlsplit(offer_links(made)[0]).path
    assert "Wenn Sie ablehnen, bleiben Sie auf der Warteliste." in visitor().get(offer).content.decode()

    visitor().post(offer, {"annehmen": "1"})

    manage = visitor().get(place_of(made, secret)).headers["Location"]
    assert "/mein-termin/" in manage
    assert visitor().get(manage).status_code == 200


def test_a_wrong_link_and_a_booking_code_tell_nothing() -> None:
    made, visit_type = make_full(days=0, access="code")
    assert visitor().get(ask_of(made, visit_type)).status_code == 409
    for wrong in ("x", link_to_text(new_link_secret())):
        assert visitor().get(reverse("front:wait", args=[made.practice.slug, wrong])).status_code == 404
    assert visitor().post(ask_of(made, visit_type), form(platz="x")).status_code in {404, 409}


def test_the_desk_sees_who_typed_it_and_takes_them_off() -> None:
    made, visit_type = make_full(days=1)
    secret = joins(made, visit_type, weekdays=(1,))
    desk = at_desk(made)
    page = desk.get("/desk/warteliste/").content.decode()
    assert "Muster" in page
    assert "ohne Termin" in page
    entry = entry_by(made, secret)
    assert entry is not None

    desk.post(f"/desk/warteliste/{entry.id}/weg/")

    assert rows(made, WaitingEntry) == rows(made, Intake) == []


def test_the_desk_enters_a_time_that_was_agreed_on_the_telephone() -> None:
    made, visit_type = make_full(days=1)
    secret = joins(made, visit_type)
    entry = entry_by(made, secret)
    assert entry is not None
    start = in_days(1, 9).isoformat()

    answer = at_desk(made).post(f"/desk/warteliste/{entry.id}/eintragen/", {"start": start})

    assert answer.status_code == 302
    after = entry_by(made, link_from_text(link_to_text(secret)))
    assert after is not None
    assert after.state == "booked"


def test_the_desk_puts_a_patient_of_the_records_on_the_list() -> None:
    from sprechzeit.patients.create import create_patient

    made, visit_type = make_full(days=0)
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())
    desk = at_desk(made)
    page = f"/desk/patient/{patient}/warteliste/"
    assert page in desk.get(f"/desk/patient/{patient}/").content.decode()
    assert visit_type.name in desk.get(page).content.decode()

    wrong = desk.post(page, {"visit_type": str(visit_type.id), "von": "12:00", "bis": "09:00"})
    none = desk.post(page, {"visit_type": "0"})
    sent = desk.post(page, {"visit_type": str(visit_type.id), "tag": ["1", "5"], "bis": "12:00", "frist": "24"})

    assert (wrong.status_code, none.status_code, sent.status_code) == (422, 422, 302)
    [entry] = rows(made, WaitingEntry)
    assert (entry.patient_id, entry.weekdays, entry.notice_hours) == (patient, [1, 5], 24)
    assert "nur am Telefon zu erreichen" in desk.get("/desk/warteliste/").content.decode()
