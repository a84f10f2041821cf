from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.errors import HoldNotFound, NotBookable, SlotTaken
from sprechzeit.booking.hold import HOLD, find_hold, hold, release
from sprechzeit.booking.manage import find_managed
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.booking.occupy import occupy, span_of
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId, new_id
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.timetable.availability import LaneCandidate
from sprechzeit.timetable.models import Opening
from sprechzeit.vault import new_link_secret
from tests.factories import Made, in_days, make_bookable, make_person, make_visit_type, open_up, type_id


def occupancies(made: Made) -> int:
    with wearing(Role.DESK), acting_for(made.id):
        return Occupancy.objects.filter(practice=made.id).count()


def test_a_held_slot_becomes_an_appointment_that_only_the_practice_can_read() -> None:
    made, visit_type = make_bookable()
    start = in_days(1, 9)

    held = hold(made.id, type_id(visit_type), start)
    booked = confirm(made.id, held.secret, make_person(first_name="Käthe", last_name="Größer"))

    found = find_managed(made.id, booked.manage_secret)
    assert (found.starts_at, found.status, found.changeable) == (start, "booked", True)
    assert found.ends_at - found.starts_at == timedelta(minutes=30)
    with wearing(Role.DESK), acting_for(made.id):
        opened = open_intakes(made.keys, Intake.objects.filter(practice=made.id))
        assert [person.listed_name for person in opened.values()] == ["Größer, Käthe"]
        assert not Hold.objects.filter(practice=made.id).exists()
    assert occupancies(made) == 1


def test_a_held_slot_is_not_offered_to_anybody_else() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(1, 9))

    with pytest.raises(SlotTaken) as refusal:
        hold(made.id, type_id(visit_type), in_days(1, 9))

    assert refusal.value.alternatives[0].start == in_days(1, 9, 30)
    assert occupancies(made) == 1


def test_a_hold_ends_after_ten_minutes_and_others_may_have_the_slot() -> None:
    made, visit_type = make_bookable()
    first = hold(made.id, type_id(visit_type), in_days(1, 9))

    with clock.travelled(HOLD + timedelta(seconds=1)):
        second = hold(made.id, type_id(visit_type), in_days(1, 9))
        confirm(made.id, second.secret, make_person())
        with pytest.raises(SlotTaken) as refusal:
            confirm(made.id, first.secret, make_person())

    assert refusal.value.alternatives
    assert occupancies(made) == 1
    with wearing(Role.DESK), acting_for(made.id):
        assert Intake.objects.filter(practice=made.id).count() == 1  # nothing of the refused one is left


def test_an_expired_hold_is_honoured_while_its_slot_is_free() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    with clock.travelled(HOLD + timedelta(minutes=5)):
        booked = confirm(made.id, held.secret, make_person())

    assert find_managed(made.id, booked.manage_secret).status == "booked"
    assert occupancies(made) == 1


def test_an_expired_hold_is_not_honoured_once_its_time_has_come() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    with clock.travelled(in_days(1, 9) - clock.now()), pytest.raises(SlotTaken):
        confirm(made.id, held.secret, make_person())


def test_an_expired_hold_of_a_clinician_who_is_absent_by_now_is_not_honoured() -> None:
    made, visit_type = make_bookable(clinicians=2)
    held = hold(made.id, type_id(visit_type), in_days(1, 9))
    with wearing(Role.DESK), acting_for(made.id):
        Opening.objects.filter(practice=made.id, resource=held.resource_ids[0]).delete()

    with clock.travelled(HOLD), pytest.raises(SlotTaken) as refusal:
        confirm(made.id, held.secret, make_person())

    assert in_days(1, 9) in [slot.start for slot in refusal.value.alternatives]  # with the other one


def test_confirming_twice_gives_the_same_appointment() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    first = confirm(made.id, held.secret, make_person())
    second = confirm(made.id, held.secret, make_person())

    assert first.appointment_id == second.appointment_id
    assert first.manage_secret == second.manage_secret
    with wearing(Role.DESK), acting_for(made.id):
        assert Appointment.objects.filter(practice=made.id).count() == 1


def test_the_same_key_holds_the_same_slot_again_under_a_new_secret() -> None:
    made, visit_type = make_bookable()
    lost = hold(made.id, type_id(visit_type), in_days(1, 9), key="k" * 22)

    again = hold(made.id, type_id(visit_type), in_days(1, 9), key="k" * 22)

    assert occupancies(made) == 1
    with pytest.raises(HoldNotFound):
        confirm(made.id, lost.secret, make_person())
    assert confirm(made.id, again.secret, make_person())


def test_somebody_elses_hold_is_not_found() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    for practice, secret in ((made.id, new_link_secret()), (other.id, held.secret)):
        with pytest.raises(HoldNotFound):
            confirm(practice, secret, make_person())
        with pytest.raises(HoldNotFound):
            find_hold(practice, secret)


def test_a_released_slot_is_free_at_once() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    release(made.id, held.secret)

    assert hold(made.id, type_id(visit_type), in_days(1, 9))


def test_what_is_not_offered_cannot_be_held() -> None:
    made, visit_type = make_bookable(lead_minutes=60, horizon_days=2, days=4)
    secret_type = make_visit_type(made, online=False)
    not_offered = {
        "past": (visit_type, in_days(-1, 9)),
        "too far ahead": (visit_type, in_days(3, 9)),
        "not online": (secret_type, in_days(1, 9)),
    }

    for chosen, start in not_offered.values():
        with pytest.raises(NotBookable):
            hold(made.id, type_id(chosen), start)

    assert occupancies(made) == 0


def test_lead_time_and_horizon_hold_to_the_minute() -> None:
    made, visit_type = make_bookable(lead_minutes=60, grid_minutes=5, days=0)
    now = clock.now()
    begin = now.replace(second=0, microsecond=0, minute=now.minute - now.minute % 5)
    open_up(made, made.clinicians[0], begin, begin + timedelta(hours=4))
    early = begin + timedelta(minutes=60)
    if early >= now + timedelta(minutes=60):
        early -= timedelta(minutes=5)

    with pytest.raises(NotBookable):
        hold(made.id, type_id(visit_type), early)

    assert hold(made.id, type_id(visit_type), early + timedelta(minutes=10))


def test_a_time_outside_the_openings_or_off_the_grid_cannot_be_held() -> None:
    made, visit_type = make_bookable()

    for start in (in_days(1, 12), in_days(1, 7), in_days(1, 9, 10), in_days(1, 9) + timedelta(seconds=1)):
        with pytest.raises((SlotTaken, NotBookable)):
            hold(made.id, type_id(visit_type), start)

    assert occupancies(made) == 0


def test_any_clinician_means_two_can_book_the_same_time() -> None:
    made, visit_type = make_bookable(clinicians=2)

    first = hold(made.id, type_id(visit_type), in_days(1, 9))
    second = hold(made.id, type_id(visit_type), in_days(1, 9))

    assert {*first.resource_ids, *second.resource_ids} == {one.id for one in made.clinicians}
    with pytest.raises(SlotTaken):
        hold(made.id, type_id(visit_type), in_days(1, 9))


def test_a_lane_that_is_removed_in_this_moment_counts_as_taken() -> None:
    made, visit_type = make_bookable()
    gone = [[LaneCandidate(ResourceId(made.clinicians[0].id), 2**40)]]

    with pytest.raises(SlotTaken), acting_for(made.id):
        occupy(made.id, gone, span_of(visit_type, in_days(1, 9)), hold=new_id(), expires_at=clock.now())

    assert occupancies(made) == 0
