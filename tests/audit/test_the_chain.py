from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.audit.record import SYSTEM, VISITOR, Actor, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.identifiers import PracticeId, new_id
from tests.booking.at_once import all_at_once
from tests.factories import Made, make_practice

START = hashlib.sha256(b"sprechzeit/v1/audit").digest()
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def write(made: Made, *, actor: Actor = SYSTEM, action: str = "test.write", count: int = 1, **more: Any) -> None:
    with acting_for(made.id):
        for _ in range(count):
            record(made.id, actor, action, **more)


def trail(made: Made) -> list[Event]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Event.objects.filter(practice=made.id).order_by("number"))


def bytes_of(event: Event) -> bytes:
    """What is hashed, written down anew: each part with its length in bytes before it."""
    parts = [
        str(event.practice_id),
        str(event.number),
        str((event.at - EPOCH) // timedelta(microseconds=1)),
        event.actor_kind,
        event.actor,
        event.address,
        event.action,
        " ".join(str(subject) for subject in event.subjects),
        details_of(event),
    ]
    return b",".join(b"%d:%s" % (len(part.encode()), part.encode()) for part in parts)


def details_of(event: Event) -> str:
    """PostgreSQL's own text of the details; the order of the names and the blanks are its own."""
    with wearing(Role.DESK), acting_for(PracticeId(event.practice_id)), connections[current_alias()].cursor() as cursor:
        cursor.execute("select details::text from audit_event where id = %s", [event.id])
        (text,) = cursor.fetchone()
    assert json.loads(text) == event.details
    return text


def assert_chained(events: list[Event]) -> None:
    before = START
    for number, event in enumerate(events, start=1):
        assert event.number == number
        assert bytes(event.previous) == before
        assert bytes(event.hash) == hashlib.sha256(before + bytes_of(event)).digest()
        before = bytes(event.hash)


def test_each_event_carries_the_hash_of_the_one_before() -> None:
    made = make_practice()

    write(made, actor=VISITOR, action="first.event")
    write(made, actor=made.actor, subjects=[new_id(), new_id()], details={"count": 2, "b": True, "a": ["x", "ü"]})
    write(made, subjects=[new_id()], details={"fields": []})

    events = trail(made)
    assert [event.action for event in events] == ["first.event", "test.write", "test.write"]
    assert_chained(events)


@settings(max_examples=25)
@given(
    actor=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    details=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        st.integers(-(2**40), 2**40) | st.booleans() | st.lists(st.sampled_from(["ä", "b,1:c", '"']), max_size=3),
        max_size=4,
    ),
    subjects=st.lists(st.uuids(), max_size=3),
)
def test_the_chain_can_be_recomputed_whatever_is_written(actor: str, details: Any, subjects: Any) -> None:
    made = make_practice()

    write(made, actor=Actor("member", actor), details=details, subjects=subjects, count=2)

    assert_chained(trail(made))


def test_an_event_tells_when_by_whom_and_of_what() -> None:
    made, subject = make_practice(), new_id()

    with clock.travelled(timedelta(days=-100)):
        write(made, actor=made.actor, action="appointment.move", subjects=[subject], details={"count": 1})
        now = clock.now()

    (event,) = trail(made)
    assert (event.actor_kind, event.actor, event.action) == ("member", str(made.member), "appointment.move")
    assert (event.subjects, event.details) == ([subject], {"count": 1})
    assert timedelta(0) <= now - event.at < timedelta(seconds=10)


def test_practices_have_chains_of_their_own() -> None:
    first, second = make_practice(), make_practice()

    for made in (first, second, first):
        write(made)

    assert [len(trail(first)), len(trail(second))] == [2, 1]
    assert_chained(trail(first))
    assert_chained(trail(second))


def test_what_was_rolled_back_leaves_no_gap() -> None:
    made = make_practice()
    write(made)

    with acting_for(made.id):
        record(made.id, SYSTEM, "test.rolled-back")
        transaction.set_rollback(True, current_alias())
    write(made)

    assert [event.action for event in trail(made)] == ["test.write"] * 2
    assert_chained(trail(made))


@pytest.mark.parametrize("role", [Role.FRONT, Role.DESK])
def test_thirty_who_write_at_once_make_no_gap_and_no_fork(role: Role) -> None:
    made = make_practice()

    results, connections = all_at_once([partial(write, made, count=3)] * 30, role=role)

    assert (results, connections) == ([None] * 30, 30)
    events = trail(made)
    assert len(events) == 90
    assert_chained(events)
