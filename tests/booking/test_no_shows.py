"""Figures of who did not come, and the count that stands at a patient."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.no_shows import Figures, Lead, missed_by, no_shows
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.patients.create import create_patient
from sprechzeit.practices.models import VisitType
from tests.booking.booked import book_by_phone
from tests.factories import BERLIN, Made, at, at_desk, in_days, make_bookable, make_person, make_visit_type

S = Appointment.Status
MONDAY = date(2026, 3, 2)


def visit(
    made: Made,
    visit_type: VisitType,
    starts_at: datetime,
    status: str = S.DONE,
    *,
    ahead: timedelta = timedelta(days=3),
    changed: timedelta = timedelta(days=2),
    **fields: Any,
) -> UUID:
    """One of the past, booked so long ahead; one that is cancelled was so ``changed`` before its start."""
    number = new_id()
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.create(
            id=number, practice_id=made.id, visit_type=visit_type, starts_at=starts_at, status=status, source="desk",
            ends_at=starts_at + timedelta(minutes=30), resource_ids=[made.clinicians[0].id], **fields,
        )  # fmt: skip  # lines grouped by hand
        moments = {"created_at": starts_at - ahead, "changed_at": starts_at - changed}
        Appointment.objects.filter(id=number).update(**moments)
    return number


def figures(made: Made, first: date = MONDAY, last: date = MONDAY + timedelta(days=6)) -> Any:
    with wearing(Role.DESK):
        return no_shows(made.practice, first, last)


def test_the_rate_counts_who_did_not_come_of_those_that_were_not_cancelled() -> None:
    made, visit_type = make_bookable()
    for hour, status in ((8, S.DONE), (9, S.NO_SHOW), (10, S.BOOKED), (11, S.ARRIVED), (12, S.CANCELLED)):
        visit(made, visit_type, at(MONDAY, hour), status)

    found = figures(made).total

    assert found == Figures(booked=4, missed=1, late=0, unmarked=1)
    assert found.rate == 25


def test_each_visit_type_weekday_and_lead_time_has_its_own() -> None:
    made, visit_type = make_bookable()
    other = make_visit_type(made, name_de="Impfung")
    visit(made, visit_type, at(MONDAY, 8), S.NO_SHOW, ahead=timedelta(hours=23))
    visit(made, visit_type, at(MONDAY, 9), ahead=timedelta(days=1))
    visit(made, other, at(MONDAY + timedelta(days=6), 9), ahead=timedelta(days=7))
    visit(made, other, at(MONDAY + timedelta(days=6), 10), S.NO_SHOW, ahead=timedelta(days=28))

    found = figures(made)

    assert [(one.id, counts.booked, counts.missed) for one, counts in found.by_type] == [
        (visit_type.id, 2, 1), (other.id, 2, 1)
    ]  # fmt: skip  # lines grouped by hand
    assert [(day, counts.booked, counts.missed) for day, counts in found.by_weekday] == [(1, 2, 1), (7, 2, 1)]
    assert [(lead, counts.missed) for lead, counts in found.by_lead] == [
        (Lead.DAY, 1), (Lead.WEEK, 0), (Lead.MONTH, 0), (Lead.LONGER, 1)
    ]  # fmt: skip  # lines grouped by hand
    assert found.total.booked == sum(counts.booked for _one, counts in found.by_type)


def test_late_is_less_than_a_day_before() -> None:
    made, visit_type = make_bookable()
    visit(made, visit_type, at(MONDAY, 8), S.CANCELLED, changed=timedelta(hours=24))
    visit(made, visit_type, at(MONDAY, 9), S.CANCELLED, changed=timedelta(hours=23, minutes=59))

    assert figures(made).total == Figures(booked=0, missed=0, late=1, unmarked=0)
    assert figures(made).total.rate == 0


def test_what_the_desk_cancels_on_the_day_is_late() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9))
    tomorrow = in_days(1, 9).astimezone(BERLIN).date()

    with clock.travelled(in_days(1, 8) - clock.now()), wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, booked.id, version=1)
    with clock.travelled(timedelta(days=2)):
        assert figures(made, tomorrow, tomorrow).total.late == 1


def test_days_are_the_practices_and_both_ends_count() -> None:
    made, visit_type = make_bookable()
    for moment in (
        at(MONDAY, 0),
        at(MONDAY, 0) - timedelta(minutes=1),
        at(MONDAY, 23, 59),
        at(MONDAY, 23, 59) + timedelta(minutes=1),
    ):
        visit(made, visit_type, moment)

    assert figures(made, MONDAY, MONDAY).total.booked == 2


def test_what_is_still_to_come_does_not_count() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))
    today = clock.now().astimezone(BERLIN).date()

    assert figures(made, today, today + timedelta(days=9)).total.booked == 0


def test_who_came_without_an_appointment_cannot_have_missed_it() -> None:
    made, visit_type = make_bookable()
    visit(made, visit_type, at(MONDAY, 9), appointment_type=Appointment.Type.WALK_IN)
    visit(made, visit_type, at(MONDAY, 10), appointment_type=Appointment.Type.EMERGENCY)

    assert figures(made).total.booked == 1


def test_another_practices_are_not_among_them() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    visit(made, visit_type, at(MONDAY, 9), S.NO_SHOW)

    assert figures(other).total == Figures()


def known(made: Made, *statuses: str, **person: str) -> UUID:
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person(**person))
    with wearing(Role.DESK), acting_for(made.id):
        visit_type = VisitType.objects.filter(practice=made.id).first()
    assert visit_type is not None
    for hour, status in enumerate(statuses, start=8):
        visit(made, visit_type, at(MONDAY, hour), status, patient_id=patient)
    return patient


def test_the_count_is_of_this_patient_only() -> None:
    made, _ = make_bookable()
    twice, never = known(made, S.NO_SHOW, S.DONE, S.NO_SHOW, S.CANCELLED), known(made, S.DONE)

    with wearing(Role.DESK):
        assert missed_by(made.id, [twice, never]) == {twice: 2}
        assert patient_card(made.keys, made.actor, twice).missed == 2


def test_a_mark_that_was_a_mistake_counts_no_more() -> None:
    made, visit_type = make_bookable()
    patient = known(made)
    booked = book_by_phone(made, visit_type, in_days(1, 9), patient)

    with clock.travelled(timedelta(days=2)), wearing(Role.DESK):
        marked = mark(made.id, made.actor, booked.id, S.NO_SHOW, version=1)
        assert missed_by(made.id, [patient]) == {patient: 1}
        mark(made.id, made.actor, booked.id, S.BOOKED, version=marked.version)
        assert missed_by(made.id, [patient]) == {}


def test_it_stands_on_the_patients_card_the_appointments_card_and_where_the_desk_books() -> None:
    made, visit_type = make_bookable()
    patient = known(made, S.NO_SHOW, S.NO_SHOW, last_name="Vergesslich")
    booked = book_by_phone(made, visit_type, in_days(1, 9), patient)
    client = at_desk(made)

    pages = [
        client.get(f"/desk/patient/{patient}/"),
        client.get(f"/desk/termin/{booked.id}/"),
        client.get(f"/desk/neu/?patient={patient}"),
        client.post("/desk/patienten/", {"q": "Vergess", "wahl": "1"}),
    ]

    assert all("2-mal nicht gekommen" in page.content.decode() for page in pages)


def test_nobody_is_kept_from_booking_because_of_it() -> None:
    made, visit_type = make_bookable()
    patient = known(made, S.NO_SHOW, S.NO_SHOW, S.NO_SHOW, S.NO_SHOW)

    assert book_by_phone(made, visit_type, in_days(1, 9), patient).status == S.BOOKED
    page = at_desk(made).get(f"/desk/patient/{known(made, S.DONE)}/").content.decode()
    assert "nicht gekommen" not in page
