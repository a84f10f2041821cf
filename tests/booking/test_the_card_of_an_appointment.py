from __future__ import annotations

from datetime import date

import pytest

from sprechzeit.booking.accept import accept
from sprechzeit.booking.card import card_of
from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import new_id
from tests.booking.booked import book_by_phone, book_online, events
from tests.factories import in_days, make_bookable, make_person, make_practice, make_resource, make_visit_type

PERSON = make_person(
    first_name="Käthe", last_name="Größer", phone="+49301234567", birth_date=date(1980, 2, 1), email="k@example.org"
)


def test_an_unread_intake_is_shown_as_it_was_typed() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9), PERSON)

    with wearing(Role.DESK):
        card = card_of(made.keys, made.actor, booked.appointment_id)

    assert (card.person, card.unread) == (PERSON, True)
    assert card.steps == {"arrived", "no-show"}


def test_a_patients_whole_record_is_shown() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9), PERSON)

    with wearing(Role.DESK):
        card = card_of(made.keys, made.actor, booked.id)

    assert (card.person, card.unread) == (PERSON, False)


def test_an_accepted_intake_is_read_from_the_record() -> None:
    made, visit_type = make_bookable()
    booked = book_online(made, visit_type, in_days(1, 9), PERSON)

    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
        card = card_of(made.keys, made.actor, booked.appointment_id)

    assert (card.person, card.unread, card.appointment.patient_id) == (PERSON, False, patient)


def test_the_card_names_with_whom_and_where() -> None:
    made, _ = make_bookable()
    room = make_resource(made, kind="room", name="Raum")
    booked = book_by_phone(made, make_visit_type(made, [room], made.clinicians), in_days(1, 9))

    with wearing(Role.DESK):
        card = card_of(made.keys, made.actor, booked.id)

    assert card.resources == (made.clinicians[0], room)


def test_that_it_was_looked_at_is_recorded_and_printing_it_shows_nothing() -> None:
    made, visit_type = make_bookable()
    booked = book_by_phone(made, visit_type, in_days(1, 9), PERSON)

    with wearing(Role.DESK):
        card = card_of(made.keys, made.actor, booked.id)

    (event,) = events(made, "appointment.view")
    assert event.subjects == [booked.id, booked.patient_id]
    assert repr(card) == str(card) == "Card(…)"


def test_another_practices_appointment_has_no_card_here() -> None:
    made, other = make_practice(), make_bookable()
    foreign = book_by_phone(other[0], other[1], in_days(1, 9))

    for appointment in (foreign.id, new_id()):
        with wearing(Role.DESK), pytest.raises(AppointmentNotFound):
            card_of(made.keys, made.actor, appointment)

    assert events(made, "appointment.view") == []
