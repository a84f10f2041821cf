from __future__ import annotations

from functools import partial

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.hold import HOLD, Held, hold
from sprechzeit.booking.manage import find_managed
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.booking.move import move_managed
from sprechzeit.clock import travelled
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.practices.models import VisitType
from tests.booking.at_once import all_at_once
from tests.factories import Made, in_days, make_bookable, make_person, make_resource, make_visit_type, open_up, type_id

FIFTY = 50


def hold_and_confirm(made: Made, visit_type: VisitType) -> Booked:
    held = hold(made.id, type_id(visit_type), in_days(1, 9))
    return confirm(made.id, held.secret, make_person())


def counted(made: Made) -> dict[str, int]:
    with wearing(Role.DESK), acting_for(made.id):
        return {
            table.__name__: table.objects.filter(practice=made.id).count()
            for table in (Appointment, Hold, Occupancy, Intake, Patient)
        }


def assert_all_but(results: list, kind: type, count: int) -> None:
    """So many have what they wanted, and everybody else was told clearly and shown other times."""
    winners = [one for one in results if isinstance(one, kind)]
    losers = [one for one in results if not isinstance(one, kind)]
    assert len(winners) == count, losers[:3]
    assert {type(one) for one in losers} == {SlotTaken}
    assert all(one.alternatives and one.message for one in losers)
    assert all(in_days(1, 9) not in [slot.start for slot in one.alternatives] for one in losers)


def test_of_fifty_who_hold_one_slot_one_has_it() -> None:
    made, visit_type = make_bookable()
    ask = partial(hold, made.id, type_id(visit_type), in_days(1, 9))

    results, connections = all_at_once([ask] * FIFTY)

    assert connections == FIFTY
    assert_all_but(results, Held, 1)
    assert counted(made) == {"Appointment": 0, "Hold": 1, "Occupancy": 1, "Intake": 0, "Patient": 0}


def test_of_fifty_who_hold_and_confirm_one_slot_one_has_the_appointment() -> None:
    made, visit_type = make_bookable()

    results, connections = all_at_once([partial(hold_and_confirm, made, visit_type)] * FIFTY)

    assert connections == FIFTY
    assert_all_but(results, Booked, 1)
    assert counted(made) == {"Appointment": 1, "Hold": 0, "Occupancy": 1, "Intake": 1, "Patient": 0}


def test_of_fifty_at_the_desk_one_books_and_no_patient_of_the_others_is_left() -> None:
    made, visit_type = make_bookable()
    ask = partial(book_at_desk, made.keys, made.actor, type_id(visit_type), in_days(1, 9), make_person())

    results, connections = all_at_once([ask] * FIFTY, role=Role.DESK)

    assert connections == FIFTY
    assert_all_but(results, Appointment, 1)
    assert counted(made) == {"Appointment": 1, "Hold": 0, "Occupancy": 1, "Intake": 0, "Patient": 1}


def test_a_clinician_and_a_room_for_three_serve_one_at_once_and_two_clinicians_serve_two() -> None:
    made, _ = make_bookable(clinicians=3)
    room = make_resource(made, kind="room", name="Raum", capacity=3)
    open_up(made, room, in_days(1, 9), in_days(1, 12))
    narrow = make_visit_type(made, made.clinicians[:1], [room])
    wide = make_visit_type(made, made.clinicians[1:], [room])

    first, _ = all_at_once([partial(hold, made.id, type_id(narrow), in_days(1, 9))] * 10)
    second, _ = all_at_once([partial(hold, made.id, type_id(wide), in_days(1, 9))] * 10)

    assert_all_but(first, Held, 1)
    assert_all_but(second, Held, 2)
    assert counted(made)["Occupancy"] == 6


def test_fifty_confirmations_of_one_hold_are_one_appointment() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    results, _ = all_at_once([partial(confirm, made.id, held.secret, make_person())] * FIFTY)

    assert {one.appointment_id for one in results if isinstance(one, Booked)}
    assert len({getattr(one, "appointment_id", one) for one in results}) == 1
    assert counted(made) == {"Appointment": 1, "Hold": 0, "Occupancy": 1, "Intake": 1, "Patient": 0}


def test_of_expired_holds_of_one_slot_one_is_confirmed() -> None:
    made, visit_type = make_bookable()
    secrets = []
    for number in range(10):
        with travelled(number * 2 * HOLD):
            secrets.append(hold(made.id, type_id(visit_type), in_days(1, 9)).secret)

    def late(secret: object) -> Booked:
        with travelled(22 * HOLD):
            return confirm(made.id, secret, make_person())

    results, _ = all_at_once([partial(late, secret) for secret in secrets])

    assert_all_but(results, Booked, 1)
    assert counted(made)["Occupancy"] == 1
    assert counted(made)["Intake"] == 1


def test_fifty_who_move_to_one_slot_leave_forty_nine_where_they_were() -> None:
    made, visit_type = make_bookable(clinicians=FIFTY, hours=(9, 10), days=1)
    small = make_visit_type(made, made.clinicians[:1])
    open_up(made, made.clinicians[0], in_days(2, 9), in_days(2, 12))
    booked = [hold_and_confirm(made, visit_type) for _ in range(FIFTY)]
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.filter(practice=made.id).update(visit_type=small)

    results, _ = all_at_once([partial(move_managed, made.id, one.manage_secret, in_days(2, 9)) for one in booked])

    moved = [one for one in results if not isinstance(one, Exception)]
    assert len(moved) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {SlotTaken}
    starts = [find_managed(made.id, one.manage_secret).starts_at for one in booked]
    assert (starts.count(in_days(2, 9)), starts.count(in_days(1, 9))) == (1, FIFTY - 1)
    assert counted(made)["Occupancy"] == FIFTY
