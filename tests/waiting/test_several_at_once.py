"""A freed time that is offered to several at once belongs to whoever accepts first; the others keep their place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.holds import still_holds
from sprechzeit.messages.models import Message
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.waiting.answer import Offered, accept, decline, find_offer
from sprechzeit.waiting.errors import OfferOver, OfferTaken
from sprechzeit.waiting.models import WaitingEntry
from sprechzeit.waiting.overrule import take_back
from tests.booking.at_once import all_at_once
from tests.booking.booked import events, rows
from tests.factories import Made, at_desk, book, in_days, type_id, visitor
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import entry_of, make_full, offer_links, offer_secrets, offers, waits, worker_looks

ROUNDS = 10


@pytest.fixture(autouse=True)
def _mail(database: None) -> Iterator[None]:
    with mail_server_set():
        yield


def offered_to(count: int, *, waiting: int = 5) -> tuple[Made, VisitType, list[Booked]]:
    """Tomorrow from 9:00 one after the other; the first has cancelled, the others wait, and ``count`` are asked."""
    made, visit_type = make_full(hours=(9, 12), clinicians=1)
    offer_at_once(made, count)
    first = book(made, visit_type, in_days(1, 9))
    waiters = [waits(made, visit_type, in_days(1, 9) + n * timedelta(minutes=30)) for n in range(1, waiting + 1)]
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)
    return made, visit_type, waiters


def offer_at_once(made: Made, count: int) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(waiting_at_once=count)


def states(made: Made) -> list[str]:
    return [one.state for one in offers(made)]


def test_the_time_is_held_once_and_offered_to_as_many_as_the_practice_wants() -> None:
    made, visit_type, waiters = offered_to(3)

    assert states(made) == ["open"] * 3
    assert {one.entry.appointment_id for one in offers(made)} == {one.appointment_id for one in waiters[:3]}
    assert len({one.hold_id for one in offers(made)}) == len(rows(made, Hold)) == 1
    with pytest.raises(SlotTaken):
        hold(made.id, type_id(visit_type), in_days(1, 9))


def test_who_accepts_first_has_it_and_the_others_keep_their_place() -> None:
    made, _visit_type, waiters = offered_to(3)
    asked = offer_secrets(made)

    accept(made.id, asked[1])

    assert sorted(states(made)) == ["accepted", "missed", "missed"]
    assert rows(made, Appointment, id=waiters[1].appointment_id)[0].starts_at == in_days(1, 9)
    assert [entry_of(made, one).state for one in waiters[:3]] == ["waiting", "booked", "waiting"]
    for late in (asked[0], asked[2]):
        with pytest.raises(OfferTaken):
            accept(made.id, late)
        with pytest.raises(OfferTaken):
            decline(made.id, late)
    assert len(events(made, "waiting.miss")) == 1


def test_five_accept_in_the_same_instant_and_exactly_one_appointment_moves() -> None:
    for _round in range(ROUNDS):
        made, _visit_type, waiters = offered_to(5)
        before = {one.id: one.starts_at for one in rows(made, Appointment)}

        results, connections = all_at_once([partial(accept, made.id, one) for one in offer_secrets(made)])

        assert connections == 5
        assert [type(one) for one in results if not isinstance(one, Offered)] == [OfferTaken] * 4
        moved = {one.id for one in rows(made, Appointment) if one.starts_at != before[one.id]}
        assert len(moved) == 1
        assert sorted(states(made)) == ["accepted", *["missed"] * 4]
        assert sorted(entry_of(made, one).state for one in waiters) == ["booked", *["waiting"] * 4]
        assert len(rows(made, Occupancy, appointment__in=[one.appointment_id for one in waiters])) == 5
        assert rows(made, Hold) == []
        assert len(events(made, "waiting.accept")) == len(events(made, "appointment.move")) == 1


def test_a_time_somebody_was_faster_at_is_offered_again_when_it_is_free_again() -> None:
    made, _visit_type, waiters = offered_to(2, waiting=2)
    accept(made.id, offer_secrets(made)[1])
    cancel_managed(made.id, waiters[1].manage_secret)

    worker_looks(made)

    latest = offers(made, state="open")
    assert [(one.entry.appointment_id, one.starts_at) for one in latest] == [(waiters[0].appointment_id, in_days(1, 9))]


def test_the_time_is_free_only_when_all_have_declined_or_let_it_pass() -> None:
    made, visit_type, _waiters = offered_to(2, waiting=2)
    asked = offer_secrets(made)

    decline(made.id, asked[0])
    with pytest.raises(SlotTaken):
        hold(made.id, type_id(visit_type), in_days(1, 9))
    decline(made.id, asked[1])

    assert hold(made.id, type_id(visit_type), in_days(1, 9))


def test_offers_that_nobody_answers_expire_together_and_go_on_to_the_next() -> None:
    made, _visit_type, waiters = offered_to(2, waiting=4)
    end = max(one.expires_at for one in offers(made))

    with clock.travelled(end - clock.now() + timedelta(seconds=1)):
        worker_looks(made)
        found = offers(made)

    assert [one.state for one in found] == ["expired", "expired", "open", "open"]
    assert {one.entry.appointment_id for one in found[2:]} == {one.appointment_id for one in waiters[2:]}


def test_taking_back_at_the_desk_takes_it_back_from_all() -> None:
    made, visit_type, _waiters = offered_to(3)

    with wearing(Role.DESK):
        take_back(made.id, made.actor, offers(made)[1].id)

    assert states(made) == ["taken-back"] * 3
    assert hold(made.id, type_id(visit_type), in_days(1, 9))
    with pytest.raises(OfferOver):
        accept(made.id, offer_secrets(made)[0])


def test_the_desk_can_take_one_off_the_list_and_the_others_may_still_answer() -> None:
    made, _visit_type, waiters = offered_to(2)

    at_desk(made).post(f"/desk/warteliste/{entry_of(made, waiters[0]).id}/weg/")

    assert states(made) == ["taken-back", "open"]
    assert accept(made.id, offer_secrets(made)[1]).state == "accepted"


def test_who_was_too_late_is_told_on_the_page_and_gets_no_mail() -> None:
    made, _visit_type, _waiters = offered_to(2)
    pages = [urlsplit(link).path for link in offer_links(made)]
    assert "Wer zuerst annimmt, bekommt sie." in visitor().get(pages[0]).content.decode()
    accept(made.id, offer_secrets(made)[0])

    told = visitor().post(pages[1], {"annehmen": "1"})

    assert told.status_code == 409
    page = told.content.decode()
    assert "Diese Zeit ist schon vergeben" in page
    assert "Ihr Platz auf der Warteliste bleibt" in page
    assert "bleibt, wie er ist" in page
    with wearing(Role.WORKER), acting_for(made.id):
        waiting = Message.objects.filter(practice=made.id, state="waiting")
        assert {one.kind for one in waiting} == {"confirmation", "cancellation", "change", "offer"}  # none of a miss
        assert not any(still_holds(one) for one in waiting.filter(kind="offer"))


def test_only_those_whose_clinician_it_is_are_asked() -> None:
    made, visit_type = make_full(hours=(9, 11), clinicians=1)
    offer_at_once(made, 5)
    first = book(made, visit_type, in_days(1, 9))
    one = waits(made, visit_type, in_days(1, 9, 30))
    waits(made, visit_type, in_days(1, 10), clinicians=(1,))
    cancel_managed(made.id, first.manage_secret)

    worker_looks(made)

    assert [offer.entry.appointment_id for offer in offers(made)] == [one.appointment_id]
    assert not find_offer(made.id, offer_secrets(made)[0]).is_open_to_others


def test_the_practice_chooses_how_many_are_asked_at_once() -> None:
    made, _visit_type = make_full()
    desk = at_desk(made)
    page = desk.get("/desk/einstellungen/praxis/").content.decode()
    assert "einer nach dem anderen" in page
    form = {
        "name": "Praxis", "subdivision": "BE", "time_zone": "Europe/Berlin", "quiet_from": "21:00",
        "quiet_until": "07:00", "waiting_at_once": "3",
    }  # fmt: skip  # lines grouped by hand

    assert desk.post("/desk/einstellungen/praxis/", form).status_code == 302
    assert Practice.objects.get(id=made.id).waiting_at_once == 3
    assert desk.post("/desk/einstellungen/praxis/", {**form, "waiting_at_once": "6"}).status_code == 422
    assert Practice.objects.get(id=made.id).waiting_at_once == 3


def test_entries_that_wait_in_the_same_moment_are_asked_in_their_order() -> None:
    made, _visit_type, waiters = offered_to(2)
    ages = [one.created_at for one in rows(made, WaitingEntry)]

    assert len(set(ages)) == len(waiters)
    assert [entry_of(made, one).state for one in waiters] == ["offered", "offered", "waiting", "waiting", "waiting"]
