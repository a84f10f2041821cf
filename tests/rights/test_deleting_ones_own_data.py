"""By the manage link: what nobody has to decide on is deleted at once, for the rest the practice is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.errors import TooLate, UndoGone
from sprechzeit.booking.hold import hold
from sprechzeit.booking.manage import State
from sprechzeit.booking.models import Appointment, Occupancy, PatientNote
from sprechzeit.booking.undo_managed import undo_managed
from sprechzeit.booking.write_to_practice import answer_practice
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.patients.models import Consent, Intake, Patient
from sprechzeit.rights.close import refuse
from sprechzeit.rights.delete_own import Deletion, delete_own, deletion_of
from sprechzeit.rights.models import RightsRequest
from tests.booking.booked import events, rows
from tests.factories import book, in_days, make_bookable, make_person, type_id


def test_it_is_cancelled_and_nothing_is_left_of_who_came() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))
    booked = confirm(made.id, held.secret, make_person(), consents=["recall"])
    answer_practice(made.id, booked.manage_secret, "Danke")

    done = delete_own(made.id, booked.manage_secret)

    assert done == Deletion.DONE
    assert [rows(made, table) for table in (Intake, Consent, PatientNote, Occupancy)] == [[], [], [], []]
    (left,) = rows(made, Appointment)
    assert (left.status, left.intake_id, left.patient_id) == ("cancelled", None, None)
    assert len(events(made, "appointment.delete-data")) == 1
    assert deletion_of(made.id, booked.manage_secret)[0].state == State.GONE


def test_after_it_nothing_can_be_taken_back() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)

    delete_own(made.id, booked.manage_secret)

    with pytest.raises(UndoGone):
        undo_managed(made.id, booked.manage_secret)


def test_sent_twice_nothing_more_happens() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))

    answers = [delete_own(made.id, booked.manage_secret, key=key) for key in ("a", "a", "b")]

    assert answers == [Deletion.DONE] * 3
    assert len(events(made, "appointment.delete-data")) == 1
    assert len(events(made, "appointment.cancel")) == 1


def test_what_is_in_the_records_the_practice_is_asked_for() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))
    booked = confirm(made.id, held.secret, make_person(), consents=["recall"])
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)

    asked = [delete_own(made.id, booked.manage_secret) for _ in range(2)]

    assert asked == [Deletion.ASKED] * 2
    assert [one.status for one in rows(made, Appointment)] == ["cancelled"]
    assert [one.id for one in rows(made, Patient)] == [patient]
    assert [one.withdrawn_at is not None for one in rows(made, Consent)] == [True]
    assert [(one.kind, one.source) for one in rows(made, RightsRequest)] == [("erasure", "link")]
    assert len(events(made, "rights.ask")) == 1


def test_when_it_is_too_late_to_cancel_the_practice_keeps_what_it_needs_and_is_asked() -> None:
    made, visit_type = make_bookable(change_until_minutes=7 * 24 * 60)
    booked = book(made, visit_type, in_days(1, 9))

    asked = delete_own(made.id, booked.manage_secret)

    assert asked == Deletion.ASKED
    assert [one.status for one in rows(made, Appointment)] == ["booked"]
    assert len(rows(made, Intake)) == 1


def test_asked_for_again_once_the_practice_has_settled_it() -> None:
    made, visit_type = make_bookable(change_until_minutes=7 * 24 * 60)
    booked = book(made, visit_type, in_days(1, 9))
    delete_own(made.id, booked.manage_secret)

    with wearing(Role.DESK):
        refuse(made.id, made.actor, rows(made, RightsRequest)[0].id, "must-keep")

    assert deletion_of(made.id, booked.manage_secret)[1] == Deletion.BY_REQUEST


def test_erasing_the_patient_at_the_desk_takes_what_was_sent_along() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
    answer_practice(made.id, booked.manage_secret, "Danke")

    with wearing(Role.DESK):
        erase_patient(made.keys, made.actor, patient, version=1, cancel_coming=True)

    assert rows(made, PatientNote) == []
    assert deletion_of(made.id, booked.manage_secret)[1] == Deletion.DONE


@pytest.mark.parametrize("later", [timedelta(minutes=11), timedelta(days=9)])
def test_not_once_the_link_tells_nothing_more(later: timedelta) -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    cancel_managed(made.id, booked.manage_secret)

    with clock.travelled(later), pytest.raises(TooLate):
        delete_own(made.id, booked.manage_secret)

    assert len(rows(made, Intake)) == 1
