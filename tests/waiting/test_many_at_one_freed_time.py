"""Two workers and somebody on the web at one freed time: exactly one has it, every time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.hold import Held, hold
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from sprechzeit.waiting.answer import accept, decline
from sprechzeit.waiting.errors import OfferOver
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer
from sprechzeit.waiting.offering import MOST_A_DAY, look
from tests.booking.at_once import all_at_once
from tests.booking.booked import rows
from tests.conftest import FOLDER
from tests.factories import Made, book, in_days, type_id
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import make_full, offer_secrets, offers, waits, worker_looks

ROUNDS = 30


@pytest.fixture(autouse=True)
def _mail(database: None) -> Iterator[None]:
    with mail_server_set():
        yield


def as_worker(made: Made) -> Callable[[], object]:
    def run() -> object:
        with wearing(Role.WORKER):
            return look(made.id)

    return run


def test_two_workers_and_a_visitor_never_both_get_the_freed_time() -> None:
    made, visit_type = make_full(hours=(9, 11))
    first, _ = book(made, visit_type, in_days(1, 9)), book(made, visit_type, in_days(1, 9, 30))
    waits(made, visit_type, in_days(1, 10))
    waits(made, visit_type, in_days(1, 10, 30))
    won = {"offer": 0, "visitor": 0}
    secret = first.manage_secret
    cancel_managed(made.id, secret)
    for _round in range(ROUNDS):

        def visit() -> Held:
            return hold(made.id, type_id(visit_type), in_days(1, 9))

        results, connections = all_at_once([as_worker(made), visit, as_worker(made)])

        assert connections == 3
        assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, SlotTaken)]
        opened = offers(made, state="open")
        visitor_has_it = isinstance(results[1], Held)
        assert len(opened) + visitor_has_it == 1
        assert len(rows(made, Hold)) == 1
        won["visitor" if visitor_has_it else "offer"] += 1
        _free_again(made)
    assert sum(won.values()) == ROUNDS


def _free_again(made: Made) -> None:
    """As it was before, and nobody has been offered anything."""

    with wearing(Role.DESK), acting_for(made.id):
        WaitingOffer.objects.filter(practice=made.id).delete()
        WaitingEntry.objects.filter(practice=made.id).update(state="waiting")
        Hold.objects.filter(practice=made.id).delete()


def test_accepting_and_declining_at_once_have_one_outcome() -> None:
    made, visit_type = make_full()
    first, second = book(made, visit_type, in_days(1, 9)), waits(made, visit_type, in_days(1, 9, 30))
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)
    [secret] = offer_secrets(made)

    results, _ = all_at_once([lambda: accept(made.id, secret), lambda: decline(made.id, secret)])

    refused = [one for one in results if isinstance(one, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], OfferOver)
    taken = rows(made, Occupancy, appointment=second.appointment_id)
    assert len(taken) == 1
    assert rows(made, Hold) == []


KILLED = """
import os, signal, sys
import django
django.setup()
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.waiting import make_offer, offering
posted = make_offer.post_to_kept
def post_and_die(*args, **named):
    posted(*args, **named)
    os.kill(os.getpid(), signal.SIGKILL)
make_offer.post_to_kept = post_and_die
with wearing(Role.WORKER):
    offering.look(int(sys.argv[1]))
"""


def test_a_worker_killed_between_hold_and_commit_has_offered_nothing() -> None:
    made, visit_type = make_full()
    first, _ = book(made, visit_type, in_days(1, 9)), waits(made, visit_type, in_days(1, 9, 30))
    cancel_managed(made.id, first.manage_secret)

    environment = {**os.environ, "SPRECHZEIT_DATA": str(FOLDER)}
    died = subprocess.run([sys.executable, "-c", KILLED, str(made.id)], env=environment, timeout=60, check=False)

    assert died.returncode == -signal.SIGKILL
    assert offers(made) == []
    assert rows(made, Hold) == []
    worker_looks(made)  # the next worker
    assert [one.state for one in offers(made)] == ["open"]
    assert len(offer_secrets(made)) == 1


Step = tuple[str, int]
STEPS = ["cancel", "accept", "decline", "expire", "look"]


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(["cancel", "accept", "decline", "expire", "look"]), st.integers(0, 5))),
    st.integers(1, 3),
)
def test_offers_are_fair_never_overlap_and_never_break_a_rule(steps: list[Step], at_once: int) -> None:
    with mail_server_set():
        made, visit_type = make_full(hours=(9, 13), lead_minutes=60, most_a_day=8)
        with wearing(Role.DESK), acting_for(made.id):
            Practice.objects.filter(id=made.id).update(waiting_at_once=at_once)
        early = [book(made, visit_type, in_days(1, 9 + n // 2, 30 * (n % 2))) for n in range(4)]
        waiting = [waits(made, visit_type, in_days(1, 11 + n // 2, 30 * (n % 2))) for n in range(4)]
        ages = {one.appointment_id: place for place, one in enumerate(waiting)}
        passed = timedelta(0)
        for what, which in steps:
            with clock.travelled(passed):
                passed += _do(made, what, which, early, ages)


def _do(made: Made, what: str, which: int, early: list[Booked], ages: dict[UUID, int]) -> timedelta:
    """One step, and by how much the clock is to go on."""
    before = {one.id for one in offers(made)}
    opened = offers(made, state="open")
    if what == "cancel" and early:
        cancel_managed(made.id, early.pop(which % len(early)).manage_secret)
    elif what in {"accept", "decline"} and opened:
        secret = offer_secrets(made)[which % len(offer_secrets(made))]
        with suppress(OfferOver):
            accept(made.id, secret) if what == "accept" else decline(made.id, secret)
    elif what == "expire" and opened:
        return opened[0].expires_at - clock.now()
    worker_looks(made)
    _check(made, before, ages)
    return timedelta(0)


def _check(made: Made, before: set[UUID], ages: dict[UUID, int]) -> None:
    opened = offers(made, state="open")
    for one in opened:
        others = [other for other in opened if other.hold_id != one.hold_id]
        assert all(one.ends_at <= other.starts_at or other.ends_at <= one.starts_at for other in others)
        assert len(rows(made, Occupancy, hold=one.hold_id)) == 1
        assert one.starts_at < one.entry.appointment.starts_at if one.entry.appointment else True
    for one in [one for one in opened if one.id not in before]:
        # Nobody who has waited longer, has no offer, and was never offered this time, stands back for it.
        asked = {(other.entry.appointment_id, other.starts_at) for other in offers(made)}
        busy = {other.entry.appointment_id for other in opened}
        for other, age in ages.items():
            if age < ages[one.entry.appointment_id] and other not in busy and (other, one.starts_at) not in asked:
                assert _cannot_take(made, other, one.starts_at)


def _cannot_take(made: Made, appointment: UUID, start: datetime) -> bool:
    """It has moved before this time, has left the list, or has had its three offers of the day."""

    has = rows(made, Appointment, id=appointment)[0]
    waits_on = [one for one in rows(made, WaitingEntry, appointment=appointment) if one.is_live]
    had = len(offers(made, entry__appointment=appointment))
    return has.starts_at <= start or not waits_on or had >= MOST_A_DAY
