"""What becomes free is offered to the one who has waited longest, and only to whom it suits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.practices.models import VisitType
from sprechzeit.waiting.answer import accept, decline, find_offer
from sprechzeit.waiting.ask import withdraw_own
from sprechzeit.waiting.errors import OfferOver
from tests.booking.booked import events, rows
from tests.factories import Made, book, in_days, type_id
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import entry_of, make_full, offer_secrets, offers, waits, worker_looks


@pytest.fixture(autouse=True)
def _mail(database: None) -> Iterator[None]:
    with mail_server_set():
        yield


def one_waits() -> tuple[Made, VisitType, Booked, Booked]:
    """Tomorrow: A at 9:00, B at 9:30 who waits for something earlier."""
    made, visit_type = make_full()
    first = book(made, visit_type, in_days(1, 9))
    second = waits(made, visit_type, in_days(1, 9, 30))
    return made, visit_type, first, second


def test_a_cancellation_is_offered_and_held() -> None:
    made, visit_type, first, second = one_waits()
    worker_looks(made)
    assert offers(made) == []

    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)

    [offer] = offers(made)
    assert (offer.starts_at, offer.state) == (in_days(1, 9), "open")
    assert entry_of(made, second).state == "offered"
    with pytest.raises(SlotTaken):
        hold(made.id, type_id(visit_type), in_days(1, 9))
    assert len(events(made, "waiting.offer")) == 1


def test_accepting_moves_the_appointment_into_the_held_time() -> None:
    made, visit_type, first, second = one_waits()
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)
    [secret] = offer_secrets(made)

    accept(made.id, secret)
    accept(made.id, secret)  # a double click

    [moved] = rows(made, Appointment, id=second.appointment_id)
    assert moved.starts_at == in_days(1, 9)
    assert rows(made, Hold) == []
    assert entry_of(made, second).state == "booked"
    assert len(events(made, "waiting.accept")) == len(events(made, "appointment.move")) == 1
    assert hold(made.id, type_id(visit_type), in_days(1, 9, 30)).starts_at == in_days(1, 9, 30)  # the old one is free


def test_the_time_that_is_left_is_offered_on() -> None:
    made, visit_type = make_full(hours=(9, 11))
    first = book(made, visit_type, in_days(1, 9))
    book(made, visit_type, in_days(1, 9, 30))
    second = waits(made, visit_type, in_days(1, 10))
    third = waits(made, visit_type, in_days(1, 10, 30))
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)

    accept(made.id, offer_secrets(made)[0])
    worker_looks(made)

    assert [(one.entry.appointment_id, one.starts_at) for one in offers(made)] == [
        (second.appointment_id, in_days(1, 9)),
        (third.appointment_id, in_days(1, 10)),
    ]


def test_who_declines_is_passed_over_for_this_time_and_keeps_the_place() -> None:
    made, visit_type = make_full(hours=(9, 11))
    first, again = book(made, visit_type, in_days(1, 9)), book(made, visit_type, in_days(1, 9, 30))
    second, third = waits(made, visit_type, in_days(1, 10)), waits(made, visit_type, in_days(1, 10, 30))
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)
    decline(made.id, offer_secrets(made)[0])
    worker_looks(made)
    assert [one.entry.appointment_id for one in offers(made)] == [second.appointment_id, third.appointment_id]

    cancel_managed(made.id, again.manage_secret)
    worker_looks(made)

    latest = offers(made)[-1]
    assert (latest.entry.appointment_id, latest.starts_at) == (second.appointment_id, in_days(1, 9, 30))


def test_an_offer_that_nobody_answers_expires_and_goes_on() -> None:
    made, visit_type = make_full(hours=(9, 11))
    first = book(made, visit_type, in_days(1, 9))
    book(made, visit_type, in_days(1, 9, 30))
    waits(made, visit_type, in_days(1, 10))
    third = waits(made, visit_type, in_days(1, 10, 30))
    cancel_managed(made.id, first.manage_secret)
    next_look = worker_looks(made)
    [offer] = offers(made)
    assert next_look == offer.expires_at

    with clock.travelled(offer.expires_at - clock.now() + timedelta(seconds=1)):
        with pytest.raises(OfferOver):
            accept(made.id, offer_secrets(made)[0])
        worker_looks(made)
        found = offers(made)

    assert [one.state for one in found] == ["expired", "open"]
    assert found[1].entry.appointment_id == third.appointment_id
    assert not find_offer(made.id, offer_secrets(made)[0]).is_open


@pytest.mark.parametrize(
    "wishes",
    [
        {"weekdays": (in_days(2).isoweekday(),)},
        {"clinicians": (1,)},
        {"notice_hours": 14 * 24},
        {"earliest": in_days(2).date()},
    ],
)
def test_what_does_not_suit_is_not_offered(wishes: dict) -> None:
    made, visit_type = make_full()
    first = book(made, visit_type, in_days(1, 9))
    waits(made, visit_type, in_days(1, 9, 30), **wishes)
    cancel_managed(made.id, first.manage_secret)

    worker_looks(made)

    assert offers(made) == []


def test_cancelling_the_appointment_ends_the_waiting() -> None:
    made, _visit_type, first, second = one_waits()
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)

    cancel_managed(made.id, second.manage_secret)
    with pytest.raises(OfferOver):
        accept(made.id, offer_secrets(made)[0])
    worker_looks(made)

    assert entry_of(made, second).state == "expired"
    assert [one.state for one in offers(made)] == ["taken-back"]
    assert rows(made, Hold) == []


def test_who_withdraws_is_offered_nothing_and_lets_go_of_the_time() -> None:
    made, visit_type, first, second = one_waits()
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)

    withdraw_own(made.id, second.manage_secret)
    worker_looks(made)

    assert [one.state for one in offers(made)] == ["taken-back"]
    assert hold(made.id, type_id(visit_type), in_days(1, 9))
