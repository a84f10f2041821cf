from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.block import change_block, make_block, remove_block
from sprechzeit.booking.block_note import look_at_block
from sprechzeit.booking.errors import BlockNotFound, ChangedMeanwhile, SlotTaken, TimeInUse
from sprechzeit.booking.hold import hold
from sprechzeit.booking.live import stand_of
from sprechzeit.booking.models import Appointment, Block, Occupancy
from sprechzeit.booking.occupy import Span
from sprechzeit.booking.prune import prune
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.furnishing.lanes import set_lanes
from sprechzeit.identifiers import ResourceId
from sprechzeit.timetable.availability import free_slots
from tests.booking.at_once import all_at_once
from tests.booking.blocked import block_in
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, in_days, make_bookable, make_person, make_practice, make_resource, type_id


def span(hour: int, until: int, *, days: int = 1) -> Span:
    return Span(in_days(days, hour), in_days(days, until))


def first(made: Made) -> ResourceId:
    return ResourceId(made.clinicians[0].id)


def change(
    made: Made, block: UUID, to: Span, *, version: int = 1, note: str = "", resource: int | None = None
) -> Block:
    with wearing(Role.DESK):
        where = ResourceId(resource) if resource else first(made)
        return change_block(made.keys, made.actor, block, where, to, note, version=version)


def test_blocked_time_is_offered_to_nobody_and_given_free_again() -> None:
    made, visit_type = make_bookable(hours=(9, 12), days=1)
    block = block_in(made, in_days(1, 10))

    def offered() -> list[int]:
        slots = free_slots(made.id, type_id(visit_type), in_days(1, 0), in_days(2, 0))
        return [(slot.start - in_days(1, 0)) // timedelta(minutes=30) for slot in slots]

    blocked = offered()
    with pytest.raises(SlotTaken):
        book_by_phone(made, visit_type, in_days(1, 10))
    with pytest.raises(SlotTaken):
        hold(made.id, type_id(visit_type), in_days(1, 10))
    with wearing(Role.DESK):
        remove_block(made.id, made.actor, block, version=1)

    assert blocked == [18, 19, 22, 23]
    assert offered() == [18, 19, 20, 21, 22, 23]
    assert rows(made, Occupancy) == rows(made, Block) == []
    assert [len(events(made, f"block.{what}")) for what in ("make", "remove")] == [1, 1]


def test_it_takes_every_ordinary_place_of_the_resource_and_none_for_squeezing_in() -> None:
    made = make_practice(clinicians=0)
    room = make_resource(made, kind="room", name="Raum", capacity=3)
    made.clinicians = [room]

    block = block_in(made, in_days(1, 10))

    taken = rows(made, Occupancy)
    assert {row.block_id for row in taken} == {block}
    assert len(taken) == 3


def test_what_it_is_for_is_sealed_and_a_look_at_it_is_recorded() -> None:
    made, _ = make_bookable()
    block = block_in(made, in_days(1, 10), note="  Gespräch mit  Größer ")

    with wearing(Role.DESK):
        found, note = look_at_block(made.keys, made.actor, block)

    assert note == "Gespräch mit Größer"
    assert b"Gr" not in bytes(found.note_sealed or b"")
    assert [event.subjects for event in events(made, "block.view")] == [[block]]


def test_appointments_in_the_way_are_told_and_nothing_is_blocked() -> None:
    made, visit_type = make_bookable()
    late = book_by_phone(made, visit_type, in_days(1, 10, 30))
    early = book_by_phone(made, visit_type, in_days(1, 10))
    book_by_phone(made, visit_type, in_days(1, 11))

    with pytest.raises(TimeInUse) as refusal:
        block_in(made, in_days(1, 10))

    assert [one.id for one in refusal.value.appointments] == [early.id, late.id]
    assert rows(made, Block) == []
    assert len(rows(made, Occupancy)) == 3


def test_a_booking_that_is_just_going_on_or_another_block_is_in_the_way_too() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(1, 9))
    block_in(made, in_days(1, 11))

    with pytest.raises(TimeInUse) as booking:
        block_in(made, in_days(1, 9))
    with pytest.raises(TimeInUse) as blocked:
        block_in(made, in_days(1, 11))

    assert "gerade ein Termin gebucht" in booking.value.message
    assert "schon gesperrt" in blocked.value.message


def test_it_is_moved_lengthened_and_renamed() -> None:
    made, _ = make_bookable(clinicians=2)
    block = block_in(made, in_days(1, 10), note="Alt")
    other = made.clinicians[1].id

    changed = change(made, block, span(10, 12), note="Neu", resource=other)

    assert (changed.resource_id, changed.ends_at, changed.version) == (other, in_days(1, 12), 2)
    (row,) = rows(made, Occupancy)
    assert (row.starts_at, row.ends_at) == (in_days(1, 10), in_days(1, 12))
    with wearing(Role.DESK):
        assert look_at_block(made.keys, made.actor, block)[1] == "Neu"
    assert len(events(made, "block.change")) == 1


def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    made, _ = make_bookable()
    block = block_in(made, in_days(1, 10))
    change(made, block, span(10, 12))

    with pytest.raises(ChangedMeanwhile):
        change(made, block, span(9, 10))
    with wearing(Role.DESK), pytest.raises(ChangedMeanwhile):
        remove_block(made.id, made.actor, block, version=1)

    assert rows(made, Block)[0].ends_at == in_days(1, 12)


def test_refused_a_change_leaves_it_where_it_was() -> None:
    made, visit_type = make_bookable()
    block = block_in(made, in_days(1, 10))
    book_by_phone(made, visit_type, in_days(1, 11))

    with pytest.raises(TimeInUse):
        change(made, block, span(10, 12))

    assert rows(made, Block)[0].version == 1
    assert rows(made, Occupancy, block=block)[0].ends_at == in_days(1, 11)


@pytest.mark.parametrize(("since", "until"), [(10, 10), (11, 10)])
def test_an_end_before_its_beginning_is_refused(since: int, until: int) -> None:
    made, _ = make_bookable()

    with pytest.raises(Invalid):
        block_in(made, in_days(1, since), hours=until - since)


def test_longer_than_a_day_over_or_with_a_long_note_it_is_refused() -> None:
    made, _ = make_bookable()

    for start, hours, note in ((in_days(1), 24.5, ""), (in_days(-1), 1, ""), (in_days(1), 1, "a" * 201)):
        with pytest.raises(Invalid):
            block_in(made, start, hours=hours, note=note)
    assert rows(made, Block) == []


def test_a_block_or_a_resource_of_another_practice_is_not_found() -> None:
    made, _ = make_bookable()
    other, _ = make_bookable()
    block = block_in(other, in_days(1, 10))

    with pytest.raises(BlockNotFound):
        change(made, block, span(9, 10))
    with wearing(Role.DESK):
        with pytest.raises(BlockNotFound):
            look_at_block(made.keys, made.actor, block)
        with pytest.raises(NotFound):
            make_block(made.keys, made.actor, first(other), span(9, 10))


def test_the_same_key_blocks_once() -> None:
    made, _ = make_bookable()

    with wearing(Role.DESK):
        made_twice = [make_block(made.keys, made.actor, first(made), span(9, 10), key="k").id for _ in range(2)]

    assert made_twice[0] == made_twice[1]
    assert len(rows(made, Block)) == 1


def test_of_a_block_and_a_booking_at_the_same_moment_one_wins() -> None:
    made, visit_type = make_bookable()
    blocking = partial(make_block, made.keys, made.actor, first(made), span(9, 10))
    booking = partial(book_at_desk, made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person())

    results, _ = all_at_once([blocking, booking] * 8, role=Role.DESK)

    assert len([one for one in results if isinstance(one, Block | Appointment)]) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} <= {TimeInUse, SlotTaken}


def test_desks_that_poll_notice_it() -> None:
    made, _ = make_bookable()
    days = (in_days(1).date(), in_days(2).date())

    with wearing(Role.DESK):
        before = stand_of(made.id, made.practice.zone, days)
        block = block_in(made, in_days(1, 10))
        with_block = stand_of(made.id, made.practice.zone, days)
        remove_block(made.id, made.actor, block, version=1)

        assert len({before, with_block}) == 2
        assert stand_of(made.id, made.practice.zone, days) == before


def test_it_is_forgotten_after_three_months() -> None:
    made, _ = make_bookable()
    block_in(made, in_days(1, 10))

    with wearing(Role.WORKER), clock.travelled(timedelta(days=89)):
        prune(made.id)
        assert len(rows(made, Block)) == 1
    with wearing(Role.WORKER), clock.travelled(timedelta(days=92)):
        prune(made.id)

    assert rows(made, Block) == []


def test_a_place_that_comes_later_is_blocked_too_and_one_that_goes_is_not_in_the_way() -> None:
    made, visit_type = make_bookable()
    clinician = made.clinicians[0]
    block_in(made, in_days(1, 10))

    with wearing(Role.DESK), acting_for(made.id):
        set_lanes(made.id, clinician, 2)
    with pytest.raises(SlotTaken):
        book_by_phone(made, visit_type, in_days(1, 10))
    assert len(rows(made, Occupancy)) == 2
    with wearing(Role.DESK), acting_for(made.id):
        set_lanes(made.id, clinician, 1)

    assert len(rows(made, Occupancy)) == 1
