from __future__ import annotations

from datetime import date, timedelta

import pytest

from sprechzeit.booking.agenda import AgendaDay, agenda_of
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Patient
from sprechzeit.practices.models import Resource
from sprechzeit.vault import CannotOpen
from tests.booking.booked import book_by_phone, book_online, events
from tests.factories import BERLIN, Made, in_days, make_bookable, make_person, make_visit_type


def tomorrow() -> date:
    return in_days(1).astimezone(BERLIN).date()


def look(made: Made, days: int = 1, resources: list[Resource] | None = None) -> list[AgendaDay]:
    with wearing(Role.DESK):
        return agenda_of(made.keys, made.actor, made.practice, tomorrow(), days, resources=resources)


def test_appointments_come_one_after_the_other_whoever_they_are_with() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = (make_visit_type(made, [one]) for one in made.clinicians)
    book_by_phone(made, second, in_days(1, 10), make_person(last_name="Zweite"))
    book_online(made, first, in_days(1, 9), make_person(last_name="Erste"))

    (day,) = look(made)

    assert [one.who.name for one in day.entries] == ["Erste, Erika", "Zweite, Erika"]
    assert [one.who.unread for one in day.entries] == [True, False]


def test_each_day_has_its_own_and_an_empty_day_is_there_too() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))
    book_by_phone(made, visit_type, in_days(3, 9))

    found = look(made, days=3)

    assert [(one.day, len(one.entries)) for one in found] == [
        (tomorrow(), 1),
        (tomorrow() + timedelta(days=1), 0),
        (tomorrow() + timedelta(days=2), 1),
    ]


def test_cancelled_ones_are_left_out_and_their_names_stay_closed() -> None:
    made, visit_type = make_bookable()
    cancel_managed(made.id, book_online(made, visit_type, in_days(1, 9)).manage_secret)

    (day,) = look(made)

    assert day.entries == ()
    assert events(made, "agenda.view") == []


def test_only_those_of_the_resources_asked_for_are_opened_and_recorded() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = (make_visit_type(made, [one]) for one in made.clinicians)
    book_by_phone(made, first, in_days(1, 9))
    wanted = book_by_phone(made, second, in_days(1, 10)).patient_id

    (day,) = look(made, resources=made.clinicians[1:])

    assert [one.appointment.patient_id for one in day.entries] == [wanted]
    (event,) = events(made, "agenda.view")
    assert (event.subjects, event.actor, event.details) == ([wanted], str(made.member), {"count": 1})


def test_nothing_prints_a_name() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Geheim"))

    assert "Geheim" not in repr(look(made))


def test_a_tampered_record_is_refused_and_nothing_is_recorded() -> None:
    made, visit_type = make_bookable()
    for hour in (9, 10):
        book_by_phone(made, visit_type, in_days(1, hour))
    with wearing(Role.DESK), acting_for(made.id):
        first, second = Patient.objects.filter(practice=made.id)
        Patient.objects.filter(id=first.id).update(name_sealed=second.name_sealed)
        assert Appointment.objects.filter(practice=made.id).count() == 2

    with pytest.raises(CannotOpen):
        look(made)

    assert events(made, "agenda.view") == []
