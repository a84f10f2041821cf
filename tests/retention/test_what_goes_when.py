"""Each night what is due goes, and nothing else: intakes, comments, notes, patients, bare appointments."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.utils import ProgrammingError

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.merge_patients import merge_patients
from sprechzeit.booking.models import Appointment, AppointmentNote, PatientNote
from sprechzeit.booking.note import write_note
from sprechzeit.booking.prune import prune
from sprechzeit.booking.write_to_practice import answer_practice
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Consent, Intake, Patient, PatientMerge, RecordKey
from sprechzeit.retention.due import Kind, count_due
from sprechzeit.retention.models import RetentionRules
from sprechzeit.retention.rules import Rules, rules_of
from sprechzeit.retention.run import forget_what_is_due
from tests.booking.booked import book_by_phone, events, rows
from tests.booking.test_keys_go_with_their_records import keys, records
from tests.factories import Made, book, in_days, make_bookable, make_person, open_up

RULES = Rules()


def nights(made: Made, days: int, *, batch: int = 500) -> dict[str, int]:
    """What the night to the day that many days from now forgets, at 3:40; the one before it has pruned."""
    with clock.travelled(in_days(days, 3, 40) - clock.now()), wearing(Role.WORKER):
        prune(made.id)
        return forget_what_is_due(made.id, batch=batch)


def keeping(made: Made, **days: int | None) -> None:
    values = {**RULES.__dict__, **days}
    with wearing(Role.DESK), acting_for(made.id):
        RetentionRules.objects.update_or_create(practice_id=made.id, defaults=values)


def there(made: Made, *tables: type) -> list[int]:
    return [len(rows(made, table)) for table in tables]


def test_what_was_typed_goes_thirty_days_after_the_visit_and_not_before() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), last_name="Typed")
    answer_practice(made.id, booked.manage_secret, "Bis dann")
    with wearing(Role.DESK):
        write_note(made.keys, made.actor, booked.appointment_id, "Rollstuhl", seen="")

    early = nights(made, 31)
    before = there(made, Intake, PatientNote, AppointmentNote)
    gone = nights(made, 32)

    assert (early, before) == ({}, [1, 1, 1])
    assert gone == {"intakes": 1, "comments": 1, "notes": 1}
    assert there(made, Intake, PatientNote, AppointmentNote, RecordKey, Appointment) == [0, 0, 0, 0, 1]


def test_of_a_cancelled_visit_it_goes_thirty_days_after_the_cancellation() -> None:
    made, visit_type = make_bookable(days=1)
    open_up(made, made.clinicians[0], in_days(200, 9), in_days(200, 12))
    booked = book(made, visit_type, in_days(200, 9))
    cancel_managed(made.id, booked.manage_secret)

    assert nights(made, 29) == {}
    assert nights(made, 31) == {"intakes": 1}


def test_what_waits_for_a_visit_far_away_stays() -> None:
    made, visit_type = make_bookable(days=1)
    open_up(made, made.clinicians[0], in_days(200, 9), in_days(200, 12))
    book(made, visit_type, in_days(200, 9))

    assert nights(made, 199) == {}


def test_a_patient_goes_ninety_days_after_the_last_visit_with_all_that_hangs_on_it() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
    book_by_phone(made, visit_type, in_days(3, 9), patient)
    keeping(made, keep_intake_days=3650)

    early = nights(made, 92)
    gone = nights(made, 94)

    assert early == {}
    assert gone == {"patients": 1}
    assert there(made, Patient, Intake, RecordKey, Appointment) == [0, 0, 0, 2]
    assert {(one.patient_id, one.intake_id) for one in rows(made, Appointment)} == {(None, None)}


def test_a_patient_with_a_visit_to_come_or_a_standing_consent_to_recalls_stays() -> None:
    made, visit_type = make_bookable(days=1)
    with wearing(Role.DESK):
        invited, withdrawn, never = (create_patient(made.keys, made.actor, make_person()) for _ in range(3))
        with acting_for(made.id):
            for patient, end in ((invited, None), (withdrawn, clock.now())):
                Consent.objects.create(
                    practice_id=made.id, patient_id=patient, purpose="recall", wording="Ja.", source="desk",
                    given_at=clock.now(), withdrawn_at=end,
                )  # fmt: skip  # lines grouped by hand
    open_up(made, made.clinicians[0], in_days(300, 9), in_days(300, 12))
    coming = book_by_phone(made, visit_type, in_days(300, 9)).patient_id

    assert nights(made, 120) == {"patients": 2}

    left = {one.id for one in rows(made, Patient)}
    assert left == {invited, coming}
    assert {withdrawn, never}.isdisjoint(left)
    assert keys(made) == records(made) == left


def test_a_practice_may_keep_patients_until_somebody_deletes_them() -> None:
    made, _ = make_bookable()
    keeping(made, keep_patient_days=None)
    with wearing(Role.DESK):
        create_patient(made.keys, made.actor, make_person())

    assert nights(made, 3000) == {}
    assert there(made, Patient) == [1]


def test_what_merges_remember_goes_with_the_patient() -> None:
    made, _ = make_bookable()
    keeping(made, keep_patient_days=5)
    with wearing(Role.DESK):
        kept, absorbed = (create_patient(made.keys, made.actor, make_person()) for _ in range(2))
        merge_patients(made.keys, made.actor, kept, absorbed, {}, versions=(1, 1))

    assert nights(made, 6) == {"patients": 1}
    assert there(made, Patient, PatientMerge, RecordKey) == [0, 0, 0]


def test_a_bare_appointment_goes_after_a_year_and_one_with_a_person_stays() -> None:
    made, visit_type = make_bookable()
    keeping(made, keep_patient_days=None)
    with_person = book_by_phone(made, visit_type, in_days(1, 9)).id
    book(made, visit_type, in_days(1, 10))

    assert nights(made, 365) == {"intakes": 1}
    assert nights(made, 368) == {"appointments": 1}
    assert [one.id for one in rows(made, Appointment)] == [with_person]


def test_a_second_run_finds_nothing_and_a_killed_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = make_bookable()
    with wearing(Role.DESK):
        for _number in range(7):
            create_patient(made.keys, made.actor, make_person())
    from sprechzeit.retention import run

    calls = []
    forget_some = run._forget_some

    def killed(*given: object) -> int:
        calls.append(given)
        if len(calls) == 6:  # intakes, comments, notes, then the third batch of patients
            raise KeyboardInterrupt
        return forget_some(*given)

    monkeypatch.setattr(run, "_forget_some", killed)
    with pytest.raises(KeyboardInterrupt):
        nights(made, 120, batch=2)
    monkeypatch.undo()
    between = there(made, Patient)

    assert between == [3]
    assert nights(made, 120, batch=2) == {"patients": 3}
    assert nights(made, 120) == {}
    told = [one.details for one in events(made, "retention.run")]
    assert {tuple(one["fields"]) for one in told} == {("patients",)}
    assert [one["count"] for one in told] == [2, 2, 2, 1]
    assert {tuple(one.subjects) for one in events(made, "retention.run")} == {()}


def test_another_practices_rows_are_left_alone() -> None:
    made, visit_type = make_bookable()
    other, others_type = make_bookable()
    for practice, kind in ((made, visit_type), (other, others_type)):
        book(practice, kind, in_days(1, 9))
    keeping(other, keep_intake_days=300)

    assert nights(made, 60) == {"intakes": 1}
    assert there(other, Intake) == [1]


def test_a_patient_who_is_booked_at_the_same_moment_stays() -> None:
    """The booking has locked the record and is not committed when the night comes: it is left for the next night."""
    import threading

    made, visit_type = make_bookable(days=1)
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())
    locked, finished = threading.Event(), threading.Event()

    def book_slowly() -> None:
        from django.db import connections

        try:
            with wearing(Role.DESK), acting_for(made.id):
                Patient.objects.select_for_update(no_key=True).get(id=patient)
                Appointment.objects.create(
                    id=new_id(), practice_id=made.id, visit_type=visit_type, patient_id=patient, resource_ids=[],
                    starts_at=in_days(125, 9), ends_at=in_days(125, 10), source="desk",
                )  # fmt: skip  # lines grouped by hand
                locked.set()
                finished.wait(20)
        finally:
            connections.close_all()

    booking = threading.Thread(target=book_slowly)
    booking.start()
    assert locked.wait(20)
    during = nights(made, 120)
    finished.set()
    booking.join(20)

    assert during == {}
    assert nights(made, 121) == {}
    assert [one.patient_id for one in rows(made, Appointment)] == [patient]


def test_what_the_settings_count_is_what_the_night_deletes() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9))
    answer_practice(made.id, booked.manage_secret, "Bis dann")
    book_by_phone(made, visit_type, in_days(1, 10))

    with clock.travelled(timedelta(days=200)), wearing(Role.DESK):
        counted = count_due(made.id, rules_of(made.id))

    assert counted == {Kind.INTAKES: 1, Kind.NOTES: 1, Kind.PATIENTS: 1}
    assert nights(made, 200) == counted


@pytest.mark.parametrize(
    ("table", "column"),
    [("patient", "name_sealed"), ("intake", "sealed"), ("appointment_note", "note_sealed"), ("patient_note", "sealed")],
)
def test_the_worker_deletes_and_can_read_nothing_sealed(table: str, column: str) -> None:
    from django.db import connections

    made, _ = make_bookable()

    with wearing(Role.WORKER), pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):  # noqa: SIM117 - the transaction is what must fail
        with connections["worker"].cursor() as cursor:
            cursor.execute(f"select {column} from {table}")


def test_no_role_but_the_desk_sets_the_rules() -> None:
    made, _ = make_bookable()

    for role in (Role.FRONT, Role.WORKER):
        with wearing(role), pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):
            RetentionRules.objects.create(practice_id=made.id, **RULES.__dict__)


def test_an_id_is_no_use_to_find_who_was_forgotten() -> None:
    made, _ = make_bookable()
    with wearing(Role.DESK):
        patient: UUID = create_patient(made.keys, made.actor, make_person())
    nights(made, 120)

    for event in events(made, "retention.run"):
        assert str(patient) not in f"{event.subjects} {event.details}"
