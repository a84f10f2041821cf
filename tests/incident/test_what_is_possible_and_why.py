"""Where the trail cannot exclude somebody, they are possible, with the reason; what one record was is one person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.audit.head import Head, head_of
from sprechzeit.audit.models import Event
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.accept import accept
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.inbox import inbox
from sprechzeit.booking.merge_patients import merge_patients, undo_merge, undoable_merge
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.incident.concerned import Extent, Wanted, Why
from sprechzeit.incident.extent import extent_of
from sprechzeit.patients.create import create_patient
from tests.audit.forging import forge
from tests.factories import book, in_days, make_person
from tests.incident.scraped import House, by_card, by_move_of, by_search, extent, ids, make_house, walk

HOUR = timedelta(hours=1)


@pytest.fixture
def house() -> House:
    return make_house(patients=5, visits=2)


def soon() -> datetime:
    return clock.now() + timedelta(minutes=1)


def tell(house: House, actor: Actor, action: str, subjects: list[UUID], at: datetime) -> None:
    with wearing(Role.DESK), clock.travelled(at - clock.now()), acting_for(house.made.id):
        record(house.made.id, actor, action, subjects)


def possible(found: Extent) -> dict[UUID, tuple[Why, ...]]:
    return {one.id: one.reasons for one in found.possible}


def test_a_trail_with_a_hole_excludes_nobody(house: House) -> None:
    since = soon()
    for minute in range(4):
        walk(house, house.thief, by_card, minute, since + timedelta(minutes=minute))
    forge(
        house.made,
        "delete from audit_event where practice_id = %(practice)s and number = (select max(number) - 1"
        " from audit_event where practice_id = %(practice)s)",
    )

    found = extent(house, since, since + HOUR, sessions=frozenset({house.thief.session}))

    assert ids(found) == {house.patients[0], house.patients[1], house.patients[3]}
    assert possible(found) == {house.patients[2]: (Why.TRAIL_BROKEN,), house.patients[4]: (Why.TRAIL_BROKEN,)}
    assert found.excluded == ()
    assert (found.proof.holds, found.proof.kind) == (False, "gap")


def test_a_hole_long_after_the_span_does_no_harm(house: House) -> None:
    since = soon()
    walk(house, house.thief, by_card, 0, since)
    for hour in (3, 4, 5):
        walk(house, house.other, by_card, 1, since + hour * HOUR)
    forge(
        house.made,
        "delete from audit_event where practice_id = %(practice)s and number = (select max(number) - 1"
        " from audit_event where practice_id = %(practice)s)",
    )

    found = extent(house, since, since + HOUR)

    assert (ids(found), found.possible) == ({house.patients[0]}, ())
    assert found.proof.holds


def test_a_changed_event_leaves_what_it_names_certain_and_the_others_possible(house: House) -> None:
    since = soon()
    walk(house, house.thief, by_card, 0, since)
    forge(
        house.made,
        "update audit_event set actor = 'x' || substring(actor from 2) where practice_id = %(practice)s"
        " and number = (select max(number) from audit_event where practice_id = %(practice)s)",
    )

    found = extent(house, since, since + HOUR)

    assert ids(found) == {house.patients[0]}
    assert set(possible(found)) == set(house.patients[1:])


def test_a_missing_end_is_found_by_an_anchored_head(house: House) -> None:
    since = soon()
    walk(house, house.thief, by_card, 0, since)
    walk(house, house.thief, by_card, 1, since + timedelta(minutes=1))
    with wearing(Role.WORKER):
        head = head_of(house.made.id)
    assert isinstance(head, Head)
    forge(
        house.made,
        "delete from audit_event where practice_id = %(practice)s and number = (select max(number)"
        " from audit_event where practice_id = %(practice)s)",
    )
    wanted = Wanted(since, since + HOUR)

    with wearing(Role.DESK):
        blind = extent_of(house.made.id, wanted)
        seeing = extent_of(house.made.id, wanted, [head])

    assert (blind.possible, blind.proof.anchored) == ((), False)  # told as a limit, not as a proof
    assert set(possible(seeing)) == set(house.patients[1:])


def test_what_was_cut_off_after_its_period_is_told(house: House) -> None:
    since = soon()
    walk(house, house.thief, by_card, 0, since)
    forge(house.made, "delete from audit_event where practice_id = %(practice)s and number <= 3")
    forge(
        house.made,
        "insert into audit_checkpoint (practice_id, number, hash)"
        " select practice_id, number - 1, previous from audit_event where practice_id = %(practice)s and number = 4",
    )

    found = extent(house, since - timedelta(days=2), since + HOUR, sessions=frozenset({house.thief.session}))

    assert ids(found) == {house.patients[0]}
    assert all(Why.TRAIL_CUT in reasons for reasons in possible(found).values())
    assert set(possible(found)) == set(house.patients[1:])


def test_the_trail_taken_out_as_a_file_makes_everybody_possible(house: House) -> None:
    since = soon()
    tell(house, house.thief, "trail.export", [], since)

    found = extent(house, since, since + HOUR)

    assert possible(found) == dict.fromkeys(house.patients, (Why.TAKEN_OUT,))


def test_a_sealed_day_sheet_makes_those_on_it_possible(house: House) -> None:
    since = soon()
    tell(house, house.other, "day-sheet.make", house.patients[:2], since - HOUR)
    tell(house, house.thief, "day-sheet.fetch", [], since)

    found = extent(house, since, since + HOUR)

    assert (found.certain, possible(found)) == ((), dict.fromkeys(house.patients[:2], (Why.SEALED_FILE,)))


def test_an_event_without_a_session_or_address_is_possible(house: House) -> None:
    since = soon()
    tell(house, Actor("member", house.member.id), "patient.view", [house.patients[0]], since)

    by_session = extent(house, since, since + HOUR, sessions=frozenset({house.thief.session}))
    by_address = extent(house, since, since + HOUR, networks=("203.0.113.7",))

    assert possible(by_session) == {house.patients[0]: (Why.NO_SESSION,)}
    assert possible(by_address) == {house.patients[0]: (Why.NO_ADDRESS,)}


def test_an_action_that_the_table_does_not_know_is_possible(house: House) -> None:
    since = soon()
    tell(house, house.thief, "patient.beam-up", [house.patients[0], new_id()], since)

    assert possible(extent(house, since, since + HOUR)) == {house.patients[0]: (Why.UNKNOWN_ACTION,)}


def test_a_program_is_meant_by_its_token_only(house: House) -> None:
    since, token = soon(), Actor("token", str(new_id()))
    tell(house, token, "patient.search", [house.patients[0]], since)

    with_session = extent(house, since, since + HOUR, sessions=frozenset({house.thief.session}))
    named = extent(house, since, since + HOUR, actors=frozenset({token.id}))

    assert ids(with_session) == set()
    assert ids(named) == {house.patients[0]}


def test_an_online_booking_and_the_record_made_of_it_are_one_person(house: House) -> None:
    booked = book(house.made, house.visit_type, in_days(3, 10), last_name="Online")
    since = soon()
    with wearing(Role.DESK), clock.travelled(since - clock.now()):
        inbox(house.made.keys, house.thief)
    with wearing(Role.DESK):
        waiting = extent(house, since, since + HOUR)
        patient = accept(house.made.keys, house.made.actor, booked.appointment_id)

    (before,), (after,) = waiting.certain, extent(house, since, since + HOUR).certain

    assert (before.state, after.state, after.id) == ("booking", "kept", patient)
    assert after.known_as == (before.id,)


def test_who_was_merged_away_is_named_by_the_record_that_stayed(house: House) -> None:
    since = soon()
    walk(house, house.thief, by_card, 1, since)
    with wearing(Role.DESK):
        merge_patients(house.made.keys, house.made.actor, *house.patients[:2], take={}, versions=(1, 1))

    (one,) = extent(house, since, since + timedelta(minutes=2), sessions=frozenset({house.thief.session})).certain

    assert (one.id, one.known_as, one.state) == (house.patients[0], (house.patients[1],), "kept")


def test_a_merge_that_was_undone_makes_the_other_one_possible(house: House) -> None:
    kept, absorbed = house.patients[:2]
    with wearing(Role.DESK):
        merge_patients(house.made.keys, house.other, kept, absorbed, take={}, versions=(1, 1))
        merge = undoable_merge(house.made.keys, house.other, kept).before.row.id
        since = clock.now()
        walk(house, house.thief, by_card, 0, since)
        undo_merge(house.made.keys, house.other, kept, merge, version=2)

    found = extent(house, since, since + HOUR, sessions=frozenset({house.thief.session}))

    assert ids(found) == {kept}
    assert possible(found) == {absorbed: (Why.MERGED,)}


def test_who_was_erased_is_told_by_the_id(house: House) -> None:
    since = soon()
    walk(house, house.thief, by_card, 0, since)
    walk(house, house.thief, by_move_of(0), 0, since + timedelta(minutes=1))
    with wearing(Role.DESK):
        erase_patient(house.made.keys, house.made.actor, house.patients[0], version=1, cancel_coming=True)

    found = extent(house, since, since + HOUR, sessions=frozenset({house.thief.session}))

    assert [(one.id, one.state) for one in found.certain] == [(house.patients[0], "gone")]


def test_who_came_after_the_span_is_excluded_even_without_a_whole_trail(house: House) -> None:
    until = clock.now()
    with wearing(Role.DESK):
        late = create_patient(house.made.keys, house.made.actor, make_person(last_name="Spät"))
    forge(house.made, "update audit_event set action = 'x' where practice_id = %(practice)s and number = 2")

    found = extent(house, until - HOUR, until)

    assert found.verdict(late) == ("excluded", (Why.CAME_LATER,))
    assert {late} == set(map(UUID, map(str, found.later)))
    assert found.proof.holds is False


def test_a_search_without_a_hit_and_a_refused_look_disclose_nothing(house: House) -> None:
    since = soon()
    walk(house, house.thief, by_search, 0, since)
    tell(house, house.thief, "permission.refused", [], since + timedelta(minutes=1))
    tell(house, house.thief, "session.begin", [UUID(house.thief.id)], since)

    found = extent(house, since, since + HOUR)

    assert ids(found) == {house.patients[0]}
    with wearing(Role.DESK), acting_for(house.made.id):
        assert found.events == Event.objects.filter(practice=house.made.id, at__gte=since).count()
