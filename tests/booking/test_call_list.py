"""A clinician falls ill: whom it concerns, times that suit all together, and many moved with one confirmation."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.call_list import CallList, call_list, called
from sprechzeit.booking.errors import ChangedMeanwhile, SlotTaken
from sprechzeit.booking.models import Appointment, UndoStep
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.move_many import Change, Outcome, move_many
from sprechzeit.booking.occupy import Span, span_of
from sprechzeit.booking.propose import Away, Proposal, propose
from sprechzeit.booking.resize import resize_appointment
from sprechzeit.booking.status import mark
from sprechzeit.booking.undo import last_step, undo
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.furnishing.exception import enter_exception
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource, VisitType
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.spans import Span as During
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, book_online, events, rows
from tests.factories import (
    Made,
    in_days,
    make_bookable,
    make_person,
    make_practice,
    make_resource,
    make_visit_type,
    open_up,
    type_id,
)


def away(resource: Resource, day: int = 1, since: int = 0, until: int = 24) -> Away:
    start = in_days(day, 0)
    return Away(ResourceId(resource.id), Span(start + timedelta(hours=since), start + timedelta(hours=until)))


def listed(made: Made, ill: Away) -> CallList:
    with wearing(Role.DESK):
        return call_list(made.keys, made.actor, made.practice, ill)


def suggestions(found: CallList) -> list[Change]:
    return [
        Change(call.appointment.id, call.appointment.version, call.proposals[0])
        for call in found.calls
        if call.proposals
    ]


def carried_out(made: Made, changes: list[Change], key: str = "") -> list[Outcome]:
    with wearing(Role.DESK):
        return move_many(made.id, made.actor, changes, key=key)


def with_ill_one(clinicians: int = 2, **fields: Any) -> tuple[Made, VisitType, Resource]:
    made, visit_type = make_bookable(clinicians=clinicians, days=5, **fields)
    return made, visit_type, made.clinicians[0]


def busy(made: Made, visit_type: VisitType, clinician: Resource, start: datetime, **person: str) -> Appointment:
    with wearing(Role.DESK):
        return book_at_desk(
            made.keys,
            made.actor,
            type_id(visit_type),
            start,
            make_person(**person),
            resource=ResourceId(clinician.id),
        )


def test_everybody_whom_it_concerns_is_listed_with_how_to_reach_them_and_it_is_recorded() -> None:
    made, visit_type, ill = with_ill_one()
    busy(made, visit_type, ill, in_days(1, 10), last_name="Zweite", phone="+49301234567")
    busy(made, visit_type, ill, in_days(1, 9), last_name="Erste")
    busy(made, visit_type, made.clinicians[1], in_days(1, 9), last_name="Gesund")
    busy(made, visit_type, ill, in_days(2, 9), last_name="Morgen")

    found = listed(made, away(ill))

    assert [call.who.name for call in found.calls] == ["Zweite, Erika", "Erste, Erika"][::-1]
    assert found.calls[1].who.phone == "+49301234567"
    (event,) = events(made, "call-list.view")
    assert event.details == {"count": 2}


def test_only_the_hours_of_the_absence_count_and_who_has_come_is_told_apart() -> None:
    made, visit_type, ill = with_ill_one()
    busy(made, visit_type, ill, in_days(1, 9), last_name="Früh")
    here = busy(made, visit_type, ill, in_days(1, 11), last_name="Schonda")
    busy(made, visit_type, ill, in_days(1, 11, 30), last_name="Spät")
    with wearing(Role.DESK):
        mark(made.id, made.actor, here.id, "arrived", version=1)

    found = listed(made, away(ill, since=11))

    assert [call.who.name for call in found.calls] == ["Spät, Erika"]
    assert [call.who.name for call in found.there] == ["Schonda, Erika"]


def test_an_online_booking_that_nobody_has_read_is_called_too() -> None:
    made, visit_type = make_bookable(clinicians=1, days=3)
    book_online(made, visit_type, in_days(1, 9), make_person(last_name="Neu", phone="+49301234567"))

    (call,) = listed(made, away(made.clinicians[0])).calls

    assert (call.who.name, call.who.phone) == ("Neu, Erika", "+49301234567")


def test_another_clinician_at_the_same_time_is_suggested_first() -> None:
    made, visit_type, ill = with_ill_one()
    one = busy(made, visit_type, ill, in_days(1, 10))

    (call,) = listed(made, away(ill)).calls

    first, *others = call.proposals
    assert first == Proposal(one.starts_at, one.ends_at, (ResourceId(made.clinicians[1].id),))
    assert 2 <= len(others) <= 5
    assert any(other.start.date() == in_days(2, 9).date() and ill.id in other.resources for other in others)
    assert not any(ill.id in other.resources for other in call.proposals if other.start < in_days(2, 0))


def test_without_anybody_else_the_same_clinician_on_the_next_day_is_suggested() -> None:
    made, visit_type, ill = with_ill_one(clinicians=1)
    busy(made, visit_type, ill, in_days(1, 10))

    (call,) = listed(made, away(ill)).calls

    assert call.proposals[0].start == in_days(2, 9)
    assert call.proposals[0].resources == (ill.id,)


def test_who_is_ill_in_the_morning_only_is_there_in_the_afternoon() -> None:
    made, visit_type, ill = with_ill_one(clinicians=1, hours=(9, 16))
    busy(made, visit_type, ill, in_days(1, 10))

    (call,) = listed(made, away(ill, until=13)).calls

    assert call.proposals[0].start == in_days(1, 13)


def test_where_nothing_is_free_nothing_is_suggested() -> None:
    made, visit_type = make_bookable(clinicians=1, days=1)
    busy(made, visit_type, made.clinicians[0], in_days(1, 10))

    (call,) = listed(made, away(made.clinicians[0])).calls

    assert call.proposals == ()


def test_one_that_is_longer_than_its_type_gets_as_much_time_elsewhere() -> None:
    made, visit_type, ill = with_ill_one()
    one = busy(made, visit_type, ill, in_days(1, 9))
    busy(made, visit_type, made.clinicians[1], in_days(1, 9, 30))
    with wearing(Role.DESK):
        resize_appointment(made.id, made.actor, one.id, 60, version=1)

    found = listed(made, away(ill))

    first = found.calls[0].proposals[0]
    assert (first.start, first.end) == (in_days(1, 10), in_days(1, 11))
    assert [one.error for one in carried_out(made, suggestions(found))] == [None]


def test_one_person_is_not_sent_to_two_at_once() -> None:
    made, visit_type, ill = with_ill_one(clinicians=3, hours=(9, 10))
    first = busy(made, visit_type, ill, in_days(1, 9))
    second = book_by_phone(made, visit_type, in_days(1, 9, 30), first.patient_id)
    with wearing(Role.DESK):
        second = move_appointment(made.id, made.actor, second.id, in_days(1, 8, 30), version=1)  # overlaps no opening

        both = propose(made.practice, [first, second], away(ill))

    spans = sorted((proposals[0].start, proposals[0].end) for proposals in both.values())
    assert spans == [(in_days(1, 9), in_days(1, 9, 30)), (in_days(1, 9, 30), in_days(1, 10))]


def crowded(seed: int) -> tuple[Made, Away]:
    """A random practice: rooms for two, buffers, several visit types, and a full day of somebody who falls ill."""
    chance = random.Random(seed)
    made = make_practice(clinicians=chance.randint(1, 4))
    rooms = [
        make_resource(made, kind="room", name=f"Raum {n}", capacity=chance.randint(1, 3))
        for n in range(chance.randint(1, 3))
    ]
    for resource in [*made.clinicians, *rooms]:
        for day in range(1, chance.randint(2, 9)):
            begins = chance.randint(7, 10)
            open_up(made, resource, in_days(day, begins), in_days(day, begins + chance.randint(3, 9)))
    types = [
        make_visit_type(
            made,
            *([made.clinicians, chance.sample(rooms, chance.randint(1, len(rooms)))][: chance.randint(1, 2)]),
            duration_minutes=chance.choice([10, 15, 30, 45]),
            grid_minutes=chance.choice([5, 10, 15, 30]),
            buffer_before_minutes=chance.choice([0, 0, 5]),
            buffer_after_minutes=chance.choice([0, 0, 10]),
        )
        for _ in range(chance.randint(1, 3))
    ]
    for _ in range(60):
        start = in_days(chance.choice([1, 1, 1, 2, 3]), chance.randint(7, 15), chance.choice([0, 10, 15, 30, 45]))
        try:
            busy(made, chance.choice(types), chance.choice([made.clinicians[0], *made.clinicians]), start)
        except SlotTaken:
            continue
    return made, away(made.clinicians[0])


@pytest.mark.parametrize("seed", range(12))
def test_all_suggestions_together_can_be_taken(seed: int) -> None:
    made, ill = crowded(seed)
    found = listed(made, ill)
    changes = suggestions(found)

    outcomes = carried_out(made, changes)

    assert [one.error for one in outcomes] == [None] * len(changes)
    for outcome in outcomes:
        assert outcome.done is not None
        assert outcome.change.to is not None
        assert outcome.done.starts_at == outcome.change.to.start
        span = span_of(outcome.done.visit_type, outcome.done.starts_at)
        is_during = span.start < ill.during.end and ill.during.start < span.end
        assert not (is_during and ill.resource in outcome.done.resource_ids)
    left = len(found.calls) - len(changes)
    assert len(listed(made, ill).calls) == left


@pytest.mark.parametrize("seed", range(4))
def test_no_further_choice_stands_in_the_way_of_a_suggestion(seed: int) -> None:
    made, ill = crowded(seed)
    found = listed(made, ill)
    chosen = next((call for call in found.calls if len(call.proposals) > 1), None)
    if chosen is None:
        pytest.skip("nothing further was free in this one")
    others = [one for one in suggestions(found) if one.appointment != chosen.appointment.id]
    other = Change(chosen.appointment.id, chosen.appointment.version, chosen.proposals[-1])

    outcomes = carried_out(made, [other, *others])

    assert [one.error for one in outcomes] == [None] * len(outcomes)


def test_who_lost_a_suggested_time_is_told_and_the_others_are_moved() -> None:
    made, visit_type, ill = with_ill_one()
    lost = busy(made, visit_type, ill, in_days(1, 9))
    moved = busy(made, visit_type, ill, in_days(1, 10))
    cancelled = busy(made, visit_type, ill, in_days(1, 11))
    changed = busy(made, visit_type, ill, in_days(1, 11, 30))
    found = listed(made, away(ill))
    busy(made, visit_type, made.clinicians[1], in_days(1, 9))  # somebody takes the first suggestion
    with wearing(Role.DESK):
        mark(made.id, made.actor, changed.id, "arrived", version=1)
    changes = [
        *suggestions(found)[:2],
        Change(cancelled.id, 1, None),
        Change(changed.id, 1, found.calls[3].proposals[0]),
    ]

    outcomes = carried_out(made, changes)

    assert [type(one.error) for one in outcomes] == [SlotTaken, type(None), type(None), ChangedMeanwhile]
    now = {one.id: one for one in rows(made, Appointment)}
    assert (now[lost.id].starts_at, now[lost.id].version) == (lost.starts_at, 1)
    assert now[moved.id].resource_ids == [made.clinicians[1].id]
    assert now[cancelled.id].status == "cancelled"
    assert now[changed.id].status == "arrived"
    (again,) = listed(made, away(ill)).calls
    assert again.appointment.id == lost.id
    assert again.proposals[0].start != lost.starts_at


def test_two_desks_confirm_at_once_and_nobody_is_moved_twice_or_onto_another() -> None:
    made, visit_type, ill = with_ill_one(clinicians=3)
    for hour in (9, 10, 11):
        busy(made, visit_type, ill, in_days(1, hour))
    changes = suggestions(listed(made, away(ill)))

    results, _ = all_at_once([partial(move_many, made.id, made.actor, changes) for _ in range(4)], role=Role.DESK)

    done = [one.change.appointment for result in results for one in result if one.error is None]
    assert sorted(done) == sorted(change.appointment for change in changes)
    assert len(events(made, "appointment.move")) == 3


def test_sent_again_with_the_same_key_it_is_done_once_and_answers_the_same() -> None:
    made, visit_type, ill = with_ill_one()
    busy(made, visit_type, ill, in_days(1, 9))
    gone = busy(made, visit_type, ill, in_days(1, 10))
    changes = [*suggestions(listed(made, away(ill)))[:1], Change(gone.id, 1, None)]

    twice = [carried_out(made, changes, key="k") for _ in range(2)]

    assert [[one.error for one in outcomes] for outcomes in twice] == [[None, None]] * 2
    assert len(events(made, "appointment.move")) == len(events(made, "appointment.cancel")) == 1


def test_all_of_it_is_undone_together() -> None:
    made, visit_type, ill = with_ill_one()
    busy(made, visit_type, ill, in_days(1, 9))
    gone = busy(made, visit_type, ill, in_days(1, 10))
    before = {one.id: (one.starts_at, one.resource_ids, one.status) for one in rows(made, Appointment)}
    carried_out(made, [*suggestions(listed(made, away(ill)))[:1], Change(gone.id, 1, None)])

    with wearing(Role.DESK):
        step = last_step(made.id, made.actor)
        assert step is not None
        undo(made.id, made.actor, step.id)

    assert {one.id: (one.starts_at, one.resource_ids, one.status) for one in rows(made, Appointment)} == before
    assert {one.kind for one in rows(made, UndoStep)} == {"book"}


def test_an_absence_that_is_entered_already_is_known() -> None:
    made, _, ill = with_ill_one()
    missing = away(ill)
    before = listed(made, missing).entered
    with wearing(Role.DESK):
        during = During(missing.during.start, missing.during.end)
        enter_exception(made.id, made.actor, Exceptional("absence", during), resource=missing.resource)

    assert (before, listed(made, missing).entered) == (False, True)


def test_an_appointment_that_is_over_is_nobody_to_call() -> None:
    made, visit_type, ill = with_ill_one()
    busy(made, visit_type, ill, in_days(1, 9))

    with clock.travelled(timedelta(days=1, hours=23)):
        found = listed(made, away(ill))

    assert found.calls == ()


def test_what_became_of_them_is_told_with_their_names() -> None:
    made, visit_type, ill = with_ill_one()
    one = busy(made, visit_type, ill, in_days(1, 9), last_name="Umzug")
    foreign, foreign_type, _ = with_ill_one()
    other = busy(foreign, foreign_type, foreign.clinicians[0], in_days(1, 9))

    with wearing(Role.DESK):
        found = called(made.keys, made.actor, [one.id, other.id])

    assert {call.who.name for call in found.values()} == {"Umzug, Erika"}
