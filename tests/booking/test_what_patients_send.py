"""By the manage link: new contact data and a few words, sealed on arrival; the desk takes them over or reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.utils import ProgrammingError

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.card import card_of
from sprechzeit.booking.errors import AppointmentNotFound, TooLate, TooManyNotes, WrongStatus
from sprechzeit.booking.inbox import count_unread
from sprechzeit.booking.models import PatientNote
from sprechzeit.booking.patient_note import LONGEST, MOST_UNREAD, read_text
from sprechzeit.booking.refuse import refuse
from sprechzeit.booking.settle_note import settle_note, take_over_contact
from sprechzeit.booking.write_to_practice import answer_practice, correct_contact
from sprechzeit.booking.written import notes_on, written
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from tests.booking.booked import events, rows
from tests.factories import Made, book, in_days, make_bookable, make_practice


def notes(made: Made) -> list[PatientNote]:
    return rows(made, PatientNote)


def test_what_was_sent_is_sealed_and_the_desk_opens_it() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), last_name="Ferne")

    answer_practice(made.id, booked.manage_secret, "Ich komme zehn Minuten später.")

    (row,) = notes(made)
    with wearing(Role.DESK):
        (found,) = written(made.keys, made.actor)
        assert count_unread(made.id) == 2  # the booking itself, and this
    assert b"Minuten" not in bytes(row.sealed)
    assert (found.note.sent.text, found.who.name) == ("Ich komme zehn Minuten später.", "Ferne, Erika")
    assert repr(found) == "Written(…)"
    assert "Minuten" not in repr(found.note) + repr(found.note.sent)
    assert [one.actor_kind for one in events(made, "appointment.answer")] == ["patient"]
    assert events(made, "note.view")[0].details == {"count": 1}


def test_the_patients_side_cannot_read_it_back() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Guten Tag")

    with wearing(Role.FRONT), pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):
        list(PatientNote.objects.values_list("sealed"))


def test_new_contact_data_goes_into_the_record_with_one_step_and_leaves_the_rest() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), phone="+49301234567")
    with wearing(Role.DESK):
        accept(made.keys, made.actor, booked.appointment_id)
    correct_contact(made.id, booked.manage_secret, email="neu@example.org", phone="")

    with wearing(Role.DESK):
        take_over_contact(made.keys, made.actor, notes(made)[0].id)
        take_over_contact(made.keys, made.actor, notes(made)[0].id)
        person = card_of(made.keys, made.actor, booked.appointment_id).person
        left = written(made.keys, made.actor)

    assert person is not None
    assert (person.email, person.phone, person.last_name) == ("neu@example.org", "+49301234567", "Muster")
    assert left == []
    assert [one.details for one in events(made, "patient.correct")] == [{"fields": ["email"]}]
    assert len(events(made, "appointment.settle-note")) == 1


def test_before_the_booking_was_taken_over_it_goes_into_what_was_typed() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), phone="+49301234567")
    correct_contact(made.id, booked.manage_secret, email="", phone="+491701234567")

    with wearing(Role.DESK):
        take_over_contact(made.keys, made.actor, notes(made)[0].id)
        card = card_of(made.keys, made.actor, booked.appointment_id)
        accept(made.keys, made.actor, booked.appointment_id)
        taken = card_of(made.keys, made.actor, booked.appointment_id).person

    assert card.unread
    assert card.person is not None
    assert (card.person.phone, card.person.email) == ("+491701234567", "erika@example.org")
    assert taken == card.person


def test_an_answer_that_was_read_stays_on_the_appointment_and_contact_data_does_not() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Danke")
    correct_contact(made.id, booked.manage_secret, email="neu@example.org", phone="")

    with wearing(Role.DESK):
        for one in notes(made):
            assert settle_note(made.id, made.actor, one.id) == booked.appointment_id
        shown = notes_on(made.keys, booked.appointment_id)

    assert [(one.sent.text, one.is_unread) for one in shown] == [("Danke", False)]
    assert {one.kind: one.sealed is None for one in notes(made)} == {"answer": False, "contact": True}


def test_an_answer_is_nothing_to_take_over() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Danke")

    with wearing(Role.DESK), pytest.raises(WrongStatus):
        take_over_contact(made.keys, made.actor, notes(made)[0].id)


def test_another_practice_finds_nothing() -> None:
    made, visit_type = make_bookable()
    other = make_practice()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Danke")

    with wearing(Role.DESK), pytest.raises(AppointmentNotFound):
        settle_note(other.id, other.actor, notes(made)[0].id)
    with wearing(Role.DESK):
        assert written(other.keys, other.actor) == []


def test_the_same_key_puts_it_in_once() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))

    for _ in range(3):
        answer_practice(made.id, booked.manage_secret, "Danke", key="form-1")

    assert len(notes(made)) == 1


def test_the_inbox_cannot_be_filled_by_one_link() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    for number in range(MOST_UNREAD):
        answer_practice(made.id, booked.manage_secret, f"Nachricht {number}")

    with pytest.raises(TooManyNotes):
        answer_practice(made.id, booked.manage_secret, "noch eine")
    with wearing(Role.DESK):
        settle_note(made.id, made.actor, notes(made)[0].id)
    answer_practice(made.id, booked.manage_secret, "noch eine")

    assert len(notes(made)) == MOST_UNREAD + 1


def test_not_once_it_is_cancelled_or_over() -> None:
    made, visit_type = make_bookable()
    gone, over = book(made, visit_type, in_days(1, 9)), book(made, visit_type, in_days(1, 10))
    cancel_managed(made.id, gone.manage_secret)

    with pytest.raises(TooLate):
        answer_practice(made.id, gone.manage_secret, "Danke")
    with clock.travelled(timedelta(days=3)), pytest.raises(TooLate):
        correct_contact(made.id, over.manage_secret, email="neu@example.org", phone="")

    assert notes(made) == []


def test_a_refusal_can_be_answered() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK):
        refuse(made.keys, made.actor, booked.appointment_id, "Bitte rufen Sie uns an.", version=1)

    answer_practice(made.id, booked.manage_secret, "Ich rufe an.")

    assert len(notes(made)) == 1
    with pytest.raises(TooLate):
        correct_contact(made.id, booked.manage_secret, email="neu@example.org", phone="")


@pytest.mark.parametrize("text", ["", "   \n ", "x" * (LONGEST + 1), "null\0", "rück\u202ewärts"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_text(text)


def test_lines_are_kept() -> None:
    assert read_text(" Guten Tag,\r\nbis morgen ") == "Guten Tag,\nbis morgen"
