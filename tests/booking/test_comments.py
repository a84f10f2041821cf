from __future__ import annotations

from functools import partial

import pytest

from sprechzeit.booking.card import card_of
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.errors import AppointmentNotFound, ChangedMeanwhile
from sprechzeit.booking.merge_patients import merge_patients
from sprechzeit.booking.models import Appointment, AppointmentNote
from sprechzeit.booking.note import Note, write_note
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.errors import Invalid
from sprechzeit.patients.models import Patient
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, in_days, make_bookable, make_person

MARKER = "Bringt Überweisung mit.\nRollstuhl"


@pytest.fixture(autouse=True)
def at_the_desk() -> object:
    with wearing(Role.DESK):
        yield


def booked() -> tuple[Made, Appointment]:
    made, visit_type = make_bookable()
    return made, book_by_phone(made, visit_type, in_days(1, 9))


def write(made: Made, appointment: Appointment, text: str, *, seen: str = "") -> None:
    write_note(made.keys, made.actor, appointment.id, text, seen=seen)


def note(made: Made, appointment: Appointment) -> Note:
    return card_of(made.keys, made.actor, appointment.id).note


def test_it_is_sealed_shown_on_the_card_and_told_in_the_trail_without_its_text() -> None:
    made, appointment = booked()

    write(made, appointment, f"  {MARKER}\r\n\n")

    (row,) = rows(made, AppointmentNote)
    (event,) = events(made, "appointment.note")
    assert note(made, appointment).text == MARKER
    assert b"Rollstuhl" not in bytes(row.note_sealed)
    assert (event.subjects, event.details) == ([appointment.id], {})


def test_it_is_changed_and_deleted_by_whoever_saw_it() -> None:
    made, appointment = booked()
    write(made, appointment, "Alt")

    write(made, appointment, "Neu", seen=note(made, appointment).seen)
    changed = note(made, appointment)
    write(made, appointment, "  ", seen=changed.seen)

    assert changed.text == "Neu"
    assert note(made, appointment) == Note("", "")
    assert rows(made, AppointmentNote) == []


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten() -> None:
    made, appointment = booked()
    write(made, appointment, "Zuerst")

    for text in ("Danach", ""):
        with pytest.raises(ChangedMeanwhile) as refusal:
            write(made, appointment, text)
        assert "Inzwischen" in refusal.value.message

    assert note(made, appointment).text == "Zuerst"


def test_the_same_text_again_changes_nothing() -> None:
    made, appointment = booked()
    write(made, appointment, "Gleich")

    write(made, appointment, "Gleich")

    assert len(events(made, "appointment.note")) == 1


def test_of_many_who_write_at_the_same_moment_one_is_kept() -> None:
    made, appointment = booked()
    verbs = [partial(write_note, made.keys, made.actor, appointment.id, f"Text {n}", seen="") for n in range(10)]

    results, _ = all_at_once(verbs, role=Role.DESK)

    assert results.count(None) == 1
    assert {type(one) for one in results if one is not None} == {ChangedMeanwhile}
    assert note(made, appointment).text == f"Text {results.index(None)}"


@pytest.mark.parametrize("text", ["a" * 1001, "a\x00b", "a\x1bb", "a\u202eb"])
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    made, appointment = booked()

    with pytest.raises(Invalid):
        write(made, appointment, text)

    assert rows(made, AppointmentNote) == []


def test_a_thousand_letters_with_emoji_and_lines_are_kept() -> None:
    made, appointment = booked()
    text = "ß👩\n" + "ä" * 997

    write(made, appointment, text)

    assert note(made, appointment).text == text


def test_an_appointment_of_another_practice_gets_none() -> None:
    made, _ = booked()
    _, foreign = booked()

    with pytest.raises(AppointmentNotFound):
        write(made, foreign, "Text")


def test_the_version_that_others_saw_stays_good() -> None:
    made, appointment = booked()

    write(made, appointment, "Text")

    assert rows(made, Appointment)[0].version == appointment.version


def test_erasing_the_patient_erases_it() -> None:
    made, appointment = booked()
    write(made, appointment, MARKER)
    assert appointment.patient_id is not None

    erase_patient(made.keys, made.actor, appointment.patient_id, version=1, cancel_coming=True)

    assert rows(made, AppointmentNote) == []
    assert len(rows(made, Appointment)) == 1


def test_merging_two_records_keeps_it() -> None:
    made, visit_type = make_bookable()
    first = book_by_phone(made, visit_type, in_days(1, 9))
    second = book_by_phone(made, visit_type, in_days(1, 10), make_person(email="zweite@example.org"))
    write(made, second, MARKER)
    versions = {one.id: one.version for one in rows(made, Patient)}
    assert first.patient_id is not None
    assert second.patient_id is not None

    pair = (versions[first.patient_id], versions[second.patient_id])
    merge_patients(made.keys, made.actor, first.patient_id, second.patient_id, {"email": "own"}, versions=pair)

    assert note(made, second).text == MARKER
    assert {one.patient_id for one in rows(made, Appointment)} == {first.patient_id}
