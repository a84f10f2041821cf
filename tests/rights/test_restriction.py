"""Processing restricted (GDPR Art. 18): kept, marked, untouched and unwritten to, until it is lifted and told."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.models import Appointment, AppointmentNote, PatientNote
from sprechzeit.booking.note import write_note
from sprechzeit.booking.write_to_practice import answer_practice
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.messages.models import Message
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.errors import PatientNotFound, Restricted
from sprechzeit.patients.models import Consent, Intake, Patient
from sprechzeit.patients.rotate import rotate_some
from sprechzeit.patients.search import search
from sprechzeit.practices.models import VisitType
from sprechzeit.recall.due import due_list
from sprechzeit.recall.models import Recall
from sprechzeit.recall.still_wanted import is_still_wanted
from sprechzeit.rights.ask import ask_at_desk, ask_by_link
from sprechzeit.rights.check_identity import check_identity
from sprechzeit.rights.close import finish, refuse
from sprechzeit.rights.identity import Identity
from sprechzeit.rights.models import RightsRequest, RightsText
from sprechzeit.rights.restrict import Told, lift_restriction, restrict, told_asked
from sprechzeit.staff.keys import open_keyring
from sprechzeit.staff.leave import begin_new_data_key
from sprechzeit.waiting.ask import ask_earlier_at_desk
from sprechzeit.waiting.models import WaitingEntry
from sprechzeit.waiting.overrule import offer_to
from sprechzeit.waiting.wishes import Wishes
from tests.booking.booked import book_by_phone, events, rows
from tests.booking.reminded import bookable, booked, change, plan
from tests.booking.test_merging_patients import Two
from tests.factories import Made, book, in_days, make_bookable, make_person, make_practice
from tests.messages.mailbox import mail_server_set
from tests.messages.posted import messages
from tests.recall.due import due, invite_all
from tests.retention.test_what_goes_when import keeping, nights, there
from tests.waiting.waits import make_full, offers, waits, worker_looks

Kind = RightsRequest.Kind
Source = RightsRequest.Source


@pytest.fixture
def mail_server() -> Iterator[None]:
    with mail_server_set():
        yield


def restricting(made: Made, *patients: UUID) -> None:
    with wearing(Role.DESK):
        for patient in patients:
            restrict(made.id, made.actor, patient)


def with_patient() -> tuple[Made, UUID]:
    made = make_practice()
    with wearing(Role.DESK):
        return made, create_patient(made.keys, made.actor, make_person())


def is_restricted(made: Made, *patients: UUID) -> list[bool]:
    found = {one.id: one.restricted_at is not None for one in rows(made, Patient)}
    return [found[one] for one in patients]


def asked(made: Made, patient: UUID, kind: Kind = Kind.OBJECTION, text: str = "Bitte.") -> UUID:
    today = clock.now().astimezone(made.practice.zone).date()
    with wearing(Role.DESK):
        return ask_at_desk(made.id, made.actor, patient, kind, Source.IN_PERSON, today, text)


def done(made: Made, request: UUID) -> None:
    with wearing(Role.DESK):
        check_identity(made.id, made.actor, request, Identity.DOCUMENT)
        finish(made.id, made.actor, request)


def test_a_finished_request_restricts_and_says_so_in_the_trail() -> None:
    made, patient = with_patient()

    done(made, asked(made, patient, Kind.RESTRICTION))

    assert is_restricted(made, patient) == [True]
    assert [one.subjects for one in events(made, "patient.restrict")] == [[patient]]


def test_what_is_restricted_is_neither_corrected_nor_erased() -> None:
    made, patient = with_patient()
    restricting(made, patient)

    with wearing(Role.DESK):
        with pytest.raises(Restricted):
            correct_patient(made.keys, made.actor, patient, make_person(last_name="Anders"), version=1)
        with pytest.raises(Restricted):
            erase_patient(made.keys, made.actor, patient, version=1)

        lift_restriction(made.id, made.actor, patient, Told.PHONE)
        correct_patient(made.keys, made.actor, patient, make_person(last_name="Anders"), version=1)
        erase_patient(made.keys, made.actor, patient, version=2)


def test_lifting_asks_how_the_patient_was_told_before() -> None:
    made, patient = with_patient()
    restricting(made, patient)

    with pytest.raises(Invalid):
        told_asked("")
    with wearing(Role.DESK):
        for _ in range(2):
            lift_restriction(made.id, made.actor, patient, Told.LETTER)

    assert is_restricted(made, patient) == [False]
    assert [one.details for one in events(made, "patient.lift-restriction")] == [{"told": "told-letter"}]


def test_nobody_restricts_a_patient_of_another_practice() -> None:
    made, patient = with_patient()
    other = make_practice()

    with wearing(Role.DESK), pytest.raises(PatientNotFound):
        restrict(other.id, other.actor, patient)

    assert is_restricted(made, patient) == [False]


def test_it_is_marked_where_patients_are_found() -> None:
    made, patient = with_patient()
    with wearing(Role.DESK):
        other = create_patient(made.keys, made.actor, make_person())
    restricting(made, patient)

    with wearing(Role.DESK):
        found = {one.id: one.is_restricted for one in search(made.keys, made.actor, "muster")}

    assert found == {patient: True, other: False}


def test_the_night_keeps_all_of_it_until_it_is_lifted() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Bis dann")
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
        write_note(made.keys, made.actor, booked.appointment_id, "Rollstuhl", seen="")
    restricting(made, patient)

    kept = nights(made, 400)
    still = there(made, Patient, Intake, PatientNote, AppointmentNote)
    with wearing(Role.DESK):
        lift_restriction(made.id, made.actor, patient, Told.PHONE)
    nights(made, 401)

    assert kept == {}
    assert still == [1, 1, 1, 1]
    assert there(made, Patient, Intake, PatientNote, AppointmentNote) == [0, 0, 0, 0]


@pytest.mark.usefixtures("mail_server")
def test_nobody_is_invited_and_an_invitation_under_way_stops() -> None:
    made, _, patient = due()
    assert invite_all(made) == 1
    (message,) = messages(made, kind=Message.Kind.RECALL)
    restricting(made, patient)

    with wearing(Role.WORKER), acting_for(made.id):
        assert not is_still_wanted(message)
    with wearing(Role.DESK):
        assert due_list(made.keys, made.actor, made.practice) == []


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize(("restricted", "planned"), [(False, 1), (True, 0)])
def test_nothing_is_written_after_the_visit(restricted: bool, planned: int) -> None:
    made, visit_type = bookable()
    change(made, VisitType, follow_up_hours=26, follow_up_de="Bitte viel trinken.")
    patient = came(made, visit_type)
    if restricted:
        restricting(made, patient)

    with clock.travelled(in_days(5, 12, 31) - clock.now()):
        assert plan(made) == planned


def came(made: Made, visit_type: VisitType) -> UUID:
    booking = booked(made, visit_type, in_days(4, 10))
    with wearing(Role.DESK), acting_for(made.id):
        patient = accept(made.keys, made.actor, booking.appointment_id)
        Appointment.objects.filter(id=booking.appointment_id).update(status="done")
    return patient


@pytest.mark.usefixtures("mail_server")
def test_reminders_of_booked_appointments_go_on() -> None:
    made, visit_type = bookable(reminder_hours=[48])
    booking = booked(made, visit_type, in_days(4, 10))
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booking.appointment_id)
    restricting(made, patient)

    with clock.travelled(in_days(2, 10, 1) - clock.now()):
        assert plan(made) == 1


@pytest.mark.usefixtures("mail_server")
def test_who_waits_is_taken_off_the_list_and_offered_nothing_while_it_lasts() -> None:
    made, visit_type = make_full(hours=(9, 11))
    booked = waits(made, visit_type, in_days(1, 10))
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
    restricting(made, patient)
    states = [one.state for one in rows(made, WaitingEntry)]
    with wearing(Role.DESK):
        ask_earlier_at_desk(made.id, made.actor, booked.appointment_id, Wishes())
        entry = next(one for one in rows(made, WaitingEntry) if one.is_live)

        with pytest.raises(Restricted):
            offer_to(made.id, made.actor, entry.id, in_days(1, 9))
    worker_looks(made)

    assert states == ["withdrawn"]
    assert offers(made) == []
    with wearing(Role.DESK):
        lift_restriction(made.id, made.actor, patient, Told.PHONE)
    worker_looks(made)
    assert len(offers(made)) == 1


@pytest.mark.parametrize("whom", [(True, False), (False, True), (True, True), (False, False)])
def test_a_merge_takes_it_along_and_parting_gives_it_back(whom: tuple[bool, bool]) -> None:
    two = Two()
    restricting(two.made, *(one for one, yes in zip((two.kept, two.absorbed), whom, strict=True) if yes))

    two.merge()
    merged = is_restricted(two.made, two.kept)
    two.undo()

    assert merged == [any(whom)]
    assert is_restricted(two.made, two.kept, two.absorbed) == list(whom)


def test_lifted_or_set_after_the_merge_it_is_so_for_both() -> None:
    lifted, later = Two(), Two()
    restricting(lifted.made, lifted.absorbed)
    lifted.merge()
    later.merge()
    with wearing(Role.DESK):
        lift_restriction(lifted.made.id, lifted.made.actor, lifted.kept, Told.PHONE)
    restricting(later.made, later.kept)

    lifted.undo()
    later.undo()

    assert is_restricted(lifted.made, lifted.kept, lifted.absorbed) == [False, False]
    assert is_restricted(later.made, later.kept, later.absorbed) == [True, True]


def test_a_merge_takes_requests_along_and_parting_gives_them_back() -> None:
    two = Two()
    own, theirs = asked(two.made, two.kept), asked(two.made, two.absorbed)

    two.merge()
    merged = {one.id: one.patient_id for one in rows(two.made, RightsRequest)}
    since = asked(two.made, two.kept, Kind.ACCESS)
    two.undo()

    assert merged == {own: two.kept, theirs: two.kept}
    after = {one.id: (one.patient_id, one.merged_from) for one in rows(two.made, RightsRequest)}
    assert after == {own: (two.kept, []), theirs: (two.absorbed, []), since: (two.kept, [])}
    assert there(two.made, RightsText) == [3]


def test_a_new_data_key_leaves_it_as_it_is() -> None:
    made, patient = with_patient()
    restricting(made, patient)
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)
        with acting_for(made.id):
            fresh = open_keyring(made.id, made.keys.private)
        while rotate_some(fresh, made.actor).running:
            pass

    assert is_restricted(made, patient) == [True]


@pytest.mark.usefixtures("mail_server")
def test_an_objection_ends_what_is_optional_and_leaves_the_appointment() -> None:
    made, visit_type, patient = due()
    visit = book_by_phone(made, visit_type, in_days(3, 9), patient)
    with wearing(Role.DESK):
        ask_earlier_at_desk(made.id, made.actor, visit.id, Wishes())

    done(made, asked(made, patient))

    assert all(one.withdrawn_at for one in rows(made, Consent))
    assert {one.state for one in rows(made, Recall)} == {"stopped"}
    assert {one.state for one in rows(made, WaitingEntry)} == {"withdrawn"}
    assert rows(made, Appointment, id=visit.id)[0].status == "booked"


def test_erasing_the_patient_takes_what_was_written_and_leaves_that_it_was_asked() -> None:
    made, patient = with_patient()
    asked(made, patient, Kind.ERASURE, "Alles über mich.")

    with wearing(Role.DESK):
        erase_patient(made.keys, made.actor, patient, version=1)

    assert there(made, RightsText, RightsRequest) == [0, 1]
    assert rows(made, RightsRequest)[0].patient_id is None


def test_of_one_by_the_link_too() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    ask_by_link(made.id, booked.manage_secret, Kind.ERASURE, "Alles über mich.")
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
        assert there(made, RightsText) == [1]
        erase_patient(made.keys, made.actor, patient, version=1, cancel_coming=True)

    assert there(made, RightsText, RightsRequest) == [0, 1]


def test_the_text_goes_thirty_days_after_the_answer_and_the_request_after_a_year() -> None:
    made, patient = with_patient()
    keeping(made, keep_patient_days=None)
    request = asked(made, patient)
    open_for_long = asked(made, patient, Kind.ACCESS)
    with wearing(Role.DESK):
        refuse(made.id, made.actor, request, "withdrawn")

    assert nights(made, 29) == {}
    assert nights(made, 32) == {"request-texts": 1}
    assert nights(made, 364) == {}
    assert nights(made, 367) == {"requests": 1}
    assert [one.id for one in rows(made, RightsRequest)] == [open_for_long]


@pytest.mark.parametrize("by_link", [True, False])
def test_a_record_stays_while_its_request_is_open(by_link: bool) -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
    if by_link:
        ask_by_link(made.id, booked.manage_secret, Kind.ACCESS, "")
    else:
        asked(made, patient, Kind.ACCESS)

    nights(made, 120)
    assert there(made, Patient) == [1]
    with wearing(Role.DESK):
        refuse(made.id, made.actor, rows(made, RightsRequest)[0].id, "withdrawn")
    nights(made, 121)

    assert there(made, Patient) == [0]
