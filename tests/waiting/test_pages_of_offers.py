"""The pages by which patients wish for an earlier time and answer an offer."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.models import Appointment
from sprechzeit.vault import link_to_text, new_link_secret
from tests.booking.booked import rows
from tests.factories import Made, at_desk, book, in_days, visitor
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import entry_of, make_full, offer_links, offers, waits, worker_looks


@pytest.fixture(autouse=True)
def _mail(database: None) -> Iterator[None]:
    with mail_server_set():
        yield


def earlier_of(made: Made, booked: Booked) -> str:
    return reverse("front:earlier", args=[made.practice.slug, link_to_text(booked.manage_secret)])


def offered() -> tuple[Made, Booked, str]:
    made, visit_type = make_full()
    first, second = book(made, visit_type, in_days(1, 9)), waits(made, visit_type, in_days(1, 9, 30))
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)
    return made, second, urlsplit(offer_links(made)[0]).path


def test_the_wish_is_put_on_the_list_and_shown_again() -> None:
    made, visit_type = make_full()
    booked = book(made, visit_type, in_days(1, 9, 30))
    page = earlier_of(made, booked)

    sent = visitor().post(page, {"tag": ["1", "3"], "von": "08:30", "frist": "24"})

    assert sent.status_code == 303
    assert "Sie stehen auf der Warteliste" in visitor().get(sent.headers["Location"]).content.decode()
    entry = entry_of(made, booked)
    assert (entry.weekdays, f"{entry.since_time:%H:%M}", entry.notice_hours) == ([1, 3], "08:30", 24)
    again = visitor().get(page).content.decode()
    assert 'value="08:30"' in again
    assert "Von der Warteliste nehmen" in again


@pytest.mark.parametrize(
    "form", [{"von": "25:99"}, {"von": "12:00", "bis": "09:00"}, {"ab": "2026-13-77"}, {"von": "9", "bis": "\x00"}]
)
def test_what_is_wrong_is_told_and_nothing_is_put_on_the_list(form: dict[str, str]) -> None:
    made, visit_type = make_full()
    booked = book(made, visit_type, in_days(1, 9, 30))

    answer = visitor().post(earlier_of(made, booked), form)

    assert answer.status_code == 422
    with pytest.raises(IndexError):
        entry_of(made, booked)


def test_looking_at_an_offer_answers_nothing() -> None:
    made, booked, page = offered()

    seen = visitor().get(page)

    assert seen.status_code == 200
    assert "Für Sie freigehalten bis" in seen.content.decode()
    assert [one.state for one in offers(made)] == ["open"]
    assert rows(made, Appointment, id=booked.appointment_id)[0].starts_at == in_days(1, 9, 30)


def test_accepting_on_the_page_moves_the_appointment() -> None:
    made, booked, page = offered()

    for _ in range(2):  # a double click
        assert visitor().post(page, {"annehmen": "1"}).status_code == 303

    assert "Diese Zeit gehört Ihnen" in visitor().get(page).content.decode()
    assert rows(made, Appointment, id=booked.appointment_id)[0].starts_at == in_days(1, 9)


def test_declining_on_the_page_keeps_the_place() -> None:
    made, booked, page = offered()

    assert visitor().post(page, {"ablehnen": "1"}).status_code == 303

    assert "Sie bleiben auf der Warteliste" in visitor().get(page).content.decode()
    assert entry_of(made, booked).state == "waiting"
    assert visitor().post(page, {"annehmen": "1"}).status_code == 409


def test_a_wrong_link_tells_nothing() -> None:
    made, _, _ = offered()
    for wrong in ("x", link_to_text(new_link_secret())):
        answer = visitor().get(reverse("front:offer", args=[made.practice.slug, wrong]))
        assert answer.status_code == 404
        assert "Angebot" in answer.content.decode()


def test_the_desk_sees_who_waits_and_what_was_offered() -> None:
    made, _booked, page = offered()
    desk = at_desk(made)

    shown = desk.get("/desk/warteliste/").content.decode()
    assert "Muster" in shown
    assert "angeboten bis" in shown

    visitor().post(page, {"ablehnen": "1"})
    shown = desk.get("/desk/warteliste/").content.decode()
    assert "abgelehnt" in shown
    assert "Jetzt anbieten" in shown


def test_the_desk_takes_an_offer_back_offers_again_and_removes() -> None:
    made, _booked, page = offered()
    desk = at_desk(made)
    [offer] = offers(made)

    desk.post(f"/desk/warteliste/angebot/{offer.id}/zurueck/")
    assert visitor().post(page, {"annehmen": "1"}).status_code == 409
    desk.post(f"/desk/warteliste/{offer.entry_id}/anbieten/", {"start": in_days(1, 9).isoformat()})
    assert [one.state for one in offers(made)] == ["taken-back", "open"]
    assert str(offers(made)[1].by_member_id) == str(made.member)
    desk.post(f"/desk/warteliste/{offer.entry_id}/weg/")

    assert [one.state for one in offers(made)] == ["taken-back", "taken-back"]
    assert "Niemand wartet" in desk.get("/desk/warteliste/").content.decode()


def test_the_desk_puts_on_the_list_and_hears_who_waits_when_it_cancels() -> None:
    made, visit_type = make_full()
    first, second = book(made, visit_type, in_days(1, 9)), book(made, visit_type, in_days(1, 9, 30))
    desk = at_desk(made)
    desk.post(f"/desk/termin/{second.appointment_id}/warteliste/")
    assert entry_of(made, second).source == "desk"

    desk.post(f"/desk/termin/{first.appointment_id}/absagen/", {"version": "1", "key": "x"})
    day = desk.get("/desk/", {"tag": in_days(1).date().isoformat()}, follow=True).content.decode()

    assert "1 wartet auf eine solche Zeit." in day
