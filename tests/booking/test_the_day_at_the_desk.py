from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.day import Day, day_of
from sprechzeit.booking.hold import HOLD, hold
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.practices.directory import resources_of
from sprechzeit.vault import CannotOpen
from tests.booking.booked import book_by_phone, book_online, events
from tests.factories import (
    BERLIN,
    Made,
    in_days,
    make_bookable,
    make_person,
    make_resource,
    make_visit_type,
    open_up,
    type_id,
)
from tests.timetable.calendar import except_in

ALL = ("clinician", "room", "device")


def tomorrow() -> date:
    return in_days(1).astimezone(BERLIN).date()


def look(made: Made, day: date | None = None, kinds: Any = ALL) -> Day:
    with wearing(Role.DESK):
        resources = [one for one in resources_of(made.id) if one.kind in kinds]
        return day_of(made.keys, made.actor, made.practice, day or tomorrow(), resources=resources)


def test_names_are_opened_whether_a_record_has_been_made_or_not() -> None:
    made, visit_type = make_bookable()
    book_online(made, visit_type, in_days(1, 9), make_person(first_name="Käthe", last_name="Größer"))
    record = make_person(first_name="Ada", last_name="Łęcka", birth_date=date(1980, 2, 1))
    book_by_phone(made, visit_type, in_days(1, 10), record)

    (column,) = look(made).columns

    shown = [(entry.who.name, entry.who.birth_year, entry.who.unread) for entry in column.entries]
    assert shown == [("Größer, Käthe", "", True), ("Łęcka, Ada", "1980", False)]


def test_neither_the_day_nor_its_parts_show_a_name_when_printed() -> None:
    made, visit_type = make_bookable()
    book_online(made, visit_type, in_days(1, 9), make_person(last_name="Größer"))

    assert "Größer" not in repr(look(made))


def test_which_patients_were_shown_is_recorded_and_an_empty_day_is_not() -> None:
    made, visit_type = make_bookable()
    look(made)
    book_online(made, visit_type, in_days(1, 9))
    patient = book_by_phone(made, visit_type, in_days(1, 10)).patient_id

    look(made)

    (event,) = events(made, "day.view")
    with wearing(Role.DESK), acting_for(made.id):
        intake = Intake.objects.get(practice=made.id).id
    assert set(event.subjects) == {intake, patient}
    assert (event.actor, event.details) == (str(made.member), {"count": 2})


def test_there_is_a_column_for_each_resource_of_the_kinds_asked_for() -> None:
    made, _ = make_bookable(clinicians=2)
    device = make_resource(made, kind="device", name="Gerät")
    room = make_resource(made, kind="room", name="Raum")

    assert [one.resource for one in look(made).columns] == [*made.clinicians, room, device]
    assert [one.resource for one in look(made, kinds=["room"]).columns] == [room]


def test_a_column_has_its_openings_and_its_own_appointments() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = made.clinicians
    own = make_visit_type(made, [second])
    booked = book_by_phone(made, own, in_days(1, 9))

    columns = {one.resource: one for one in look(made).columns}

    assert [entry.appointment.id for entry in columns[second].entries] == [booked.id]
    assert columns[first].entries == ()
    assert columns[first].openings == ((in_days(1, 9), in_days(1, 12)),)


def test_an_appointment_with_a_room_stands_in_both_columns() -> None:
    made, _ = make_bookable()
    room = make_resource(made, kind="room", name="Raum")
    booked = book_by_phone(made, make_visit_type(made, made.clinicians, [room]), in_days(1, 9))

    assert [[entry.appointment.id for entry in one.entries] for one in look(made).columns] == [[booked.id]] * 2


def test_what_overlaps_stands_side_by_side_and_a_lane_is_used_again() -> None:
    made, _ = make_bookable(clinicians=0)
    team = make_resource(made, name="Team", capacity=3)
    short = make_visit_type(made, [team], duration_minutes=30)
    long = make_visit_type(made, [team], duration_minutes=60)
    for visit_type, start in (
        (long, in_days(1, 9)),
        (short, in_days(1, 9)),
        (short, in_days(1, 9, 30)),
        (long, in_days(1, 9, 45)),
        (short, in_days(1, 10)),
    ):
        book_by_phone(made, visit_type, start)

    (column,) = look(made).columns

    spans = [(one.appointment.starts_at, one.appointment.ends_at, one.lane) for one in column.entries]
    assert {lane for *_, lane in spans} == {0, 1, 2}
    for number, (start, _, lane) in enumerate(spans):
        assert all(end <= start for _, end, earlier in spans[:number] if earlier == lane)


def test_living_holds_are_shown_and_dead_ones_are_not() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(1, 9))

    now = look(made).columns[0].held
    with clock.travelled(HOLD):
        later = look(made).columns[0].held

    assert (now, later) == (((in_days(1, 9), in_days(1, 9, 30)),), ())


def test_cancelled_appointments_stand_apart() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)

    day = look(made)

    assert day.columns[0].entries == ()
    assert [entry.appointment.id for entry in day.cancelled] == [booked.appointment_id]


def test_an_absence_is_named_in_its_column_and_a_closure_in_all() -> None:
    made, _ = make_bookable(clinicians=2)
    first, _second = made.clinicians
    except_in(made, "absence", in_days(1, 0), in_days(2, 0), first, label="Fortbildung")
    except_in(made, "closure", in_days(1, 11), in_days(3, 0), label="Umbau")
    except_in(made, "absence", in_days(2, 0), in_days(3, 0), first)
    except_in(made, "extra", in_days(1, 18), in_days(1, 19), first, label="Abends")

    assert [one.absence for one in look(made).columns] == ["Fortbildung", "Umbau"]
    after = look(made, tomorrow() + timedelta(days=2))
    assert [one.absence for one in after.columns] == ["", ""]


def test_the_earliest_label_is_shown_and_an_absence_without_one_hides_no_closure() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = made.clinicians
    except_in(made, "closure", in_days(1, 11), in_days(3, 0), label="Umbau")
    except_in(made, "absence", in_days(1, 8), in_days(1, 9), first)
    except_in(made, "absence", in_days(1, 10), in_days(1, 11), second, label="Später")
    except_in(made, "absence", in_days(1, 8), in_days(1, 9), second, label="Früher")

    assert [one.absence for one in look(made).columns] == ["Umbau", "Früher"]


def test_the_day_ends_at_local_midnight() -> None:
    made, visit_type = make_bookable()
    late, early = in_days(1, 23, 30), in_days(2, 0)
    for start in (late, early):
        book_by_phone(made, visit_type, start)
    open_up(made, made.clinicians[0], in_days(1, 22), in_days(2, 0))

    first, second = look(made), look(made, tomorrow() + timedelta(days=1))

    assert [one.appointment.starts_at for one in first.columns[0].entries] == [late]
    assert [one.appointment.starts_at for one in second.columns[0].entries] == [early]
    assert (in_days(1, 22), in_days(2, 0)) in first.columns[0].openings
    assert (first.since, first.until) == (in_days(1, 0), in_days(2, 0))


@pytest.mark.parametrize(("day", "length"), [(date(2030, 3, 31), 23), (date(2030, 10, 27), 25)])
def test_the_day_of_a_clock_change_is_shorter_or_longer(day: date, length: int) -> None:
    made, _ = make_bookable(days=0)

    shown = look(made, day)

    assert shown.until.timestamp() - shown.since.timestamp() == length * 3600


def test_who_was_deleted_is_a_dash() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK), acting_for(made.id):
        Patient.objects.filter(id=booked.patient_id).delete()

    (entry,) = look(made).columns[0].entries

    assert entry.who.name == "—"
    assert entry.appointment.status == Appointment.Status.BOOKED


def test_a_day_with_a_tampered_row_is_refused_and_nothing_is_recorded() -> None:
    made, visit_type = make_bookable()
    for hour in (9, 10):
        book_online(made, visit_type, in_days(1, hour))
    with wearing(Role.DESK), acting_for(made.id):
        first, second = Intake.objects.filter(practice=made.id)
        Intake.objects.filter(id=first.id).update(sealed=second.sealed)

    with pytest.raises(CannotOpen):
        look(made)

    assert events(made, "day.view") == []
