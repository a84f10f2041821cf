from __future__ import annotations

from sprechzeit.booking.accept import accept
from sprechzeit.booking.card import card_of
from sprechzeit.booking.note import LONGEST, note_of, write_note
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Patient
from sprechzeit.patients.sealed import open_person
from tests.booking.booked import rows
from tests.factories import book, in_days, make_bookable
from tests.patients.own_keys import own_key


def test_message_and_booker_stand_on_the_card_and_move_into_its_comment_when_it_is_taken_over() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), message="Mit Rollstuhl.", booker="Oma Muster", insurance="private")

    with wearing(Role.DESK):
        before = card_of(made.keys, made.actor, booked.appointment_id)
        accept(made.keys, made.actor, booked.appointment_id)
        with acting_for(made.id):
            note = note_of(made.keys, booked.appointment_id)
    (row,) = rows(made, Patient)
    person = open_person(made.keys, row.id, bytes(row.record_sealed), own_key(made, row.id))

    assert before.person is not None
    assert (before.person.message, before.person.booker) == ("Mit Rollstuhl.", "Oma Muster")
    assert note.text == "Mit Rollstuhl.\nGebucht von Oma Muster."
    assert (person.message, person.booker, person.insurance) == ("", "", "private")


def test_a_comment_that_was_there_stays_and_the_whole_is_not_too_long() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), message="m" * 500)

    with wearing(Role.DESK):
        write_note(made.keys, made.actor, booked.appointment_id, "c" * 900, seen="")
        accept(made.keys, made.actor, booked.appointment_id)
        with acting_for(made.id):
            note = note_of(made.keys, booked.appointment_id)

    assert note.text.startswith("c" * 900 + "\nm")
    assert len(note.text) == LONGEST
