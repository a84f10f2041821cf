"""A consent keeps what was agreed to and when; it goes where its person goes, and ends when it is withdrawn."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.hold import hold
from sprechzeit.booking.merge_patients import merge_patients, undo_merge
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.own_consents import give_own, own_consents, withdraw_own
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.consent import P, Whose, give, standing, withdraw
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Consent, PatientMerge
from sprechzeit.patients.person import InvalidPerson
from sprechzeit.patients.read import open_patient
from sprechzeit.practices.models import VisitType
from tests.booking.at_once import all_at_once
from tests.booking.booked import events, rows
from tests.factories import Made, in_days, make_bookable, make_person, type_id

DESK = Consent.Source.DESK


def booked(made: Made, visit_type: VisitType, hour: int, *consents: str) -> Booked:
    held = hold(made.id, type_id(visit_type), in_days(1, hour))
    return confirm(made.id, held.secret, make_person(phone="+49301234567"), consents=consents)


def patient_of(made: Made) -> UUID:
    with wearing(Role.DESK):
        return create_patient(made.keys, made.actor, make_person())


def given(made: Made, patient: UUID, purpose: P = P.RECALL, wording: str = "Ja.") -> None:
    with wearing(Role.DESK):
        give(made.id, made.actor, Whose(patient=patient), purpose, wording, DESK)


def holding(made: Made, patient: UUID) -> set[str]:
    with wearing(Role.DESK):
        return set(standing(made.id, Whose(patient=patient)))


def version(made: Made, patient: UUID) -> int:
    with wearing(Role.DESK), acting_for(made.id):
        return open_patient(made.keys, patient).version


def merged(made: Made, kept: UUID, absorbed: UUID) -> UUID:
    with wearing(Role.DESK):
        versions = (version(made, kept), version(made, absorbed))
        merge_patients(made.keys, made.actor, kept, absorbed, {}, versions=versions)
    return next(one.id for one in rows(made, PatientMerge) if one.absorbed == absorbed)


def unmerged(made: Made, kept: UUID, merge: UUID) -> None:
    with wearing(Role.DESK):
        undo_merge(made.keys, made.actor, kept, merge, version=version(made, kept))


def test_what_was_ticked_is_stored_with_the_booking_in_the_words_that_were_shown() -> None:
    made, visit_type = make_bookable()

    booking = booked(made, visit_type, 9, "recall", "reminder-email")

    found = {one.purpose: one for one in rows(made, Consent)}
    (appointment,) = rows(made, Appointment)
    assert set(found) == {"recall", "reminder-email"}
    assert found["recall"].wording == "Laden Sie mich zu Kontrollen und zur Vorsorge ein."
    assert (found["recall"].source, found["recall"].intake_id) == ("front", appointment.intake_id)
    (event,) = events(made, "consent.give")
    assert (event.actor_kind, event.subjects) == ("visitor", [appointment.intake_id])
    assert event.details == {"fields": ["reminder-email", "recall"]}
    assert booking.appointment_id == appointment.id


def test_without_a_tick_nothing_is_stored_and_nothing_is_told() -> None:
    made, visit_type = make_bookable()

    booked(made, visit_type, 9)

    assert rows(made, Consent) == []
    assert events(made, "consent.give") == []


def test_reminders_need_an_address_to_go_to_and_nothing_is_booked_without() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    with pytest.raises(InvalidPerson) as caught:
        confirm(made.id, held.secret, make_person(phone=""), consents=["reminder-sms"])

    assert list(caught.value.errors) == ["phone"]
    assert rows(made, Appointment) == []


def test_confirmed_twice_there_is_one_consent() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9))

    for _ in range(2):
        confirm(made.id, held.secret, make_person(), consents=["recall"])

    assert len(rows(made, Consent)) == 1


def test_the_link_withdraws_and_gives_again_and_all_of_it_is_kept() -> None:
    made, visit_type = make_bookable()
    secret = booked(made, visit_type, 9, "recall").manage_secret

    withdraw_own(made.id, secret, P.RECALL)
    (after,) = own_consents(made.id, secret)
    with clock.travelled(timedelta(minutes=5)):
        give_own(made.id, secret, P.RECALL)
        (again,) = own_consents(made.id, secret)

    assert after.until is not None
    assert again.until is None
    assert again.since > after.since
    assert len(rows(made, Consent)) == 2
    assert [one.actor_kind for one in events(made, "consent.withdraw")] == ["patient"]


def test_withdrawn_twice_it_is_told_once() -> None:
    made, visit_type = make_bookable()
    secret = booked(made, visit_type, 9, "recall").manage_secret

    for _ in range(2):
        withdraw_own(made.id, secret, P.RECALL)

    assert len(events(made, "consent.withdraw")) == 1


def test_accepted_the_consent_is_the_patients_and_the_link_still_withdraws_it() -> None:
    made, visit_type = make_bookable()
    booking = booked(made, visit_type, 9, "recall")
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booking.appointment_id)
        card = patient_card(made.keys, made.actor, patient)

    assert [one.purpose for one in card.consents] == ["recall"]
    assert holding(made, patient) == {"recall"}
    withdraw_own(made.id, booking.manage_secret, P.RECALL)
    assert holding(made, patient) == set()


def test_taken_over_into_a_record_an_equal_one_is_not_doubled_and_both_stay_as_proof() -> None:
    made, visit_type = make_bookable()
    patient = patient_of(made)
    given(made, patient, P.RECALL, "Vorher.")
    booking = booked(made, visit_type, 9, "recall", "reminder-email")

    with wearing(Role.DESK):
        accept(made.keys, made.actor, booking.appointment_id, patient=patient)
        found = standing(made.id, Whose(patient=patient))

    assert found["recall"].wording == "Vorher."
    assert set(found) == {"recall", "reminder-email"}
    assert len(rows(made, Consent, patient=patient)) == 3


def test_given_by_many_at_once_it_stands_once() -> None:
    made, _ = make_bookable()
    patient = patient_of(made)
    calls = [partial(give, made.id, made.actor, Whose(patient=patient), P.RECALL, f"{n}", DESK) for n in range(6)]

    results, _ = all_at_once(calls, role=Role.DESK)

    assert results == [None] * 6
    assert len(rows(made, Consent)) == len(events(made, "consent.give")) == 1


def test_merged_the_consents_come_along_and_undone_they_go_back_as_they_were() -> None:
    made, _ = make_bookable()
    kept, absorbed = patient_of(made), patient_of(made)
    given(made, kept, P.RECALL)
    given(made, absorbed, P.RECALL, "Auch.")
    given(made, absorbed, P.REMINDER_SMS)
    before = {one.id: (one.patient_id, one.withdrawn_at) for one in rows(made, Consent)}

    merge = merged(made, kept, absorbed)
    together = holding(made, kept)
    unmerged(made, kept, merge)

    assert together == {"recall", "reminder-sms"}
    assert {one.id: (one.patient_id, one.withdrawn_at) for one in rows(made, Consent)} == before


def test_what_was_withdrawn_after_a_merge_stays_withdrawn_when_the_merge_is_undone() -> None:
    made, _ = make_bookable()
    kept, absorbed = patient_of(made), patient_of(made)
    for one in (kept, absorbed):
        given(made, one, P.RECALL)
        given(made, one, P.REMINDER_SMS)
    merge = merged(made, kept, absorbed)
    with wearing(Role.DESK):
        withdraw(made.id, made.actor, Whose(patient=kept), P.RECALL)

    unmerged(made, kept, merge)

    assert holding(made, kept) == holding(made, absorbed) == {"reminder-sms"}


def test_given_after_a_merge_it_stays_with_the_kept_record() -> None:
    made, _ = make_bookable()
    kept, absorbed = patient_of(made), patient_of(made)
    merge = merged(made, kept, absorbed)
    given(made, kept, P.RECALL)

    unmerged(made, kept, merge)

    assert (holding(made, kept), holding(made, absorbed)) == ({"recall"}, set())


def test_with_the_patient_every_consent_is_gone() -> None:
    made, visit_type = make_bookable()
    booking = booked(made, visit_type, 9, "recall")
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booking.appointment_id)
        withdraw(made.id, made.actor, Whose(patient=patient), P.RECALL)
        given(made, patient, P.REMINDER_SMS)

        erase_patient(made.keys, made.actor, patient, version=version(made, patient), cancel_coming=True)

    assert rows(made, Consent) == []
    assert own_consents(made.id, booking.manage_secret) == []
    give_own(made.id, booking.manage_secret, P.RECALL)
    assert rows(made, Consent) == []


def test_another_practices_consents_are_not_seen() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    booked(made, visit_type, 9, "recall")
    (row,) = rows(made, Consent)

    with wearing(Role.DESK):
        assert standing(other.id, Whose(intake=row.intake_id)) == {}
        withdraw(other.id, other.actor, Whose(intake=row.intake_id), P.RECALL)

    assert rows(made, Consent)[0].withdrawn_at is None
