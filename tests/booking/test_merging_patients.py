"""Two records of one person become one, and two again: nothing is lost, nothing is left over, nothing is half done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.merge_patients import merge_patients, undo_merge, undoable_merge
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import new_id
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.errors import MergeGone, PatientChanged, PatientNotFound, SamePatient
from sprechzeit.patients.merge import forget_merges, last_merge
from sprechzeit.patients.models import Patient, PatientMerge
from sprechzeit.patients.read import Record, open_patient
from sprechzeit.patients.rotate import rotate_some
from sprechzeit.patients.search import search
from sprechzeit.staff.keys import open_keyring
from sprechzeit.staff.leave import begin_new_data_key
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, book_online, events, rows
from tests.factories import Made, in_days, make_bookable, make_person

OWN = make_person(last_name="Größer", phone="+49301111111", note="Links", birth_date=date(1980, 2, 1))
OTHER = make_person(last_name="Grösser", phone="+49302222222", note="Rechts", email="neu@example.org")


class Two:
    """A practice with the same person twice; the second has an appointment by phone and one booked online."""

    def __init__(self) -> None:
        self.made, self.visit_type = make_bookable()
        visit_type = self.visit_type
        with wearing(Role.DESK):
            self.kept = create_patient(self.made.keys, self.made.actor, OWN)
            self.absorbed = create_patient(self.made.keys, self.made.actor, OTHER)
        self.own = book_by_phone(self.made, visit_type, in_days(1, 9), self.kept).id
        online = book_online(self.made, visit_type, in_days(1, 10), OTHER).appointment_id
        with wearing(Role.DESK):
            accept(self.made.keys, self.made.actor, online, patient=self.absorbed)
        self.theirs = {book_by_phone(self.made, visit_type, in_days(1, 11), self.absorbed).id, online}

    def merge(self, take: dict[str, str] | None = None, **how: object) -> None:
        with wearing(Role.DESK):
            versions = tuple(self.record(one).version for one in (self.kept, self.absorbed))
            merge_patients(
                self.made.keys, self.made.actor, self.kept, self.absorbed, take or {}, **{"versions": versions, **how}
            )

    def undo(self, **how: object) -> None:
        with wearing(Role.DESK):
            (row,) = [one for one in rows(self.made, PatientMerge) if one.kept == self.kept]
            version = self.record(self.kept).version
            undo_merge(self.made.keys, self.made.actor, self.kept, row.id, **{"version": version, **how})

    def record(self, patient: UUID) -> Record:
        return opened(self.made, patient)

    def of(self, patient: UUID) -> set[UUID]:
        return {one.id for one in rows(self.made, Appointment, patient=patient)}


def opened(made: Made, patient: UUID) -> Record:
    with wearing(Role.DESK), acting_for(made.id):
        return open_patient(open_keyring(made.id, made.keys.private), patient)


def test_the_kept_record_has_the_chosen_values_and_all_appointments_and_the_other_is_gone() -> None:
    two = Two()

    two.merge({"phone": "other", "email": "own", "note": "both"})

    assert two.record(two.kept).person == replace(OWN, phone=OTHER.phone, note="Links\nRechts")
    assert two.of(two.kept) == {two.own, *two.theirs}
    assert [one.id for one in rows(two.made, Patient)] == [two.kept]
    with wearing(Role.DESK):
        assert [one.id for one in search(two.made.keys, two.made.actor, "groesser")] == [two.kept]
    (event,) = events(two.made, "patient.merge")
    assert (event.subjects, event.details) == ([two.kept, two.absorbed], {"count": 2})


def test_undone_everything_is_exactly_as_before() -> None:
    two = Two()
    before = {one: two.record(one) for one in (two.kept, two.absorbed)}
    two.merge(dict.fromkeys(("last_name", "phone", "email", "birth_date"), "other"))

    two.undo()

    for patient, record in before.items():
        now = two.record(patient)
        assert (now.person, now.created_at) == (record.person, record.created_at)
        assert now.version > record.version  # a page from before the merge does not fit any more
    assert (two.of(two.kept), two.of(two.absorbed)) == ({two.own}, two.theirs)
    assert rows(two.made, PatientMerge) == []
    (event,) = events(two.made, "patient.unmerge")
    assert (event.subjects, event.details) == ([two.kept, two.absorbed], {"count": 2})


def test_appointments_made_after_the_merge_stay_with_the_kept_one() -> None:
    two = Two()
    two.merge()
    later = book_by_phone(two.made, two.visit_type, in_days(2, 9), two.kept).id

    two.undo()

    assert two.of(two.kept) == {two.own, later}


def test_what_is_kept_for_undoing_is_sealed() -> None:
    two = Two()
    two.merge()

    (row,) = rows(two.made, PatientMerge)
    content = bytes(row.kept_sealed) + bytes(row.absorbed_sealed)
    for word in ("Größer", "Grösser", "Links", "Rechts", "2222222", "example"):
        assert word.encode() not in content


def test_sent_twice_with_the_same_key_it_is_done_once() -> None:
    two = Two()
    versions = (two.record(two.kept).version, two.record(two.absorbed).version)

    two.merge(key="k", versions=versions)
    with wearing(Role.DESK):
        merge_patients(two.made.keys, two.made.actor, two.kept, two.absorbed, {}, versions=versions, key="k")
    (row,) = rows(two.made, PatientMerge)
    version = two.record(two.kept).version
    with wearing(Role.DESK):
        for _ in range(2):
            undo_merge(two.made.keys, two.made.actor, two.kept, row.id, version=version, key="u")

    assert len(events(two.made, "patient.merge")) == len(events(two.made, "patient.unmerge")) == 1


def test_a_record_that_was_changed_meanwhile_is_not_merged() -> None:
    two = Two()
    versions = (two.record(two.kept).version, two.record(two.absorbed).version)
    with wearing(Role.DESK):
        correct_patient(
            two.made.keys, two.made.actor, two.absorbed, replace(OTHER, phone=""), version=versions[1]
        )  # fmt: skip  # lines grouped by hand

        with pytest.raises(PatientChanged):
            two.merge(versions=versions)

    assert len(rows(two.made, Patient)) == 2
    assert two.of(two.absorbed) == two.theirs


@pytest.mark.parametrize("take", [{"phone": "neither"}, {"phone": "both"}, {"email": ""}, {"note": "x" * 1000}])
def test_a_choice_that_is_none_changes_nothing(take: dict[str, str]) -> None:
    two = Two()

    with pytest.raises(Invalid):
        two.merge(take)

    assert len(rows(two.made, Patient)) == 2
    assert rows(two.made, PatientMerge) == []


def test_nobody_is_merged_with_themselves_with_nobody_or_with_another_practices_patient() -> None:
    two, other = Two(), Two()

    with wearing(Role.DESK):
        for absorbed, error in (
            (two.kept, SamePatient), (new_id(), PatientNotFound), (other.kept, PatientNotFound)
        ):  # fmt: skip  # lines grouped by hand
            with pytest.raises(error):
                merge_patients(two.made.keys, two.made.actor, two.kept, absorbed, {}, versions=(1, 1))

    assert len(rows(other.made, Patient)) == 2


def test_of_two_who_merge_in_both_directions_at_once_one_does() -> None:
    two = Two()
    versions = {one: two.record(one).version for one in (two.kept, two.absorbed)}
    calls = [
        partial(
            merge_patients, two.made.keys, two.made.actor, *pair, {}, versions=(versions[pair[0]], versions[pair[1]])
        )
        for pair in ((two.kept, two.absorbed), (two.absorbed, two.kept))
    ] * 3

    results, _ = all_at_once(calls, role=Role.DESK)

    assert len([one for one in results if one is None]) == 1
    assert len(rows(two.made, Patient)) == len(rows(two.made, PatientMerge)) == 1
    assert len(two.of(rows(two.made, Patient)[0].id)) == 3


def test_corrections_since_are_told_before_undoing_and_a_newer_change_stops_it() -> None:
    two = Two()
    two.merge()
    stale = two.record(two.kept).version
    with wearing(Role.DESK):
        assert not undoable_merge(two.made.keys, two.made.actor, two.kept).changed
        correct_patient(two.made.keys, two.made.actor, two.kept, replace(OWN, phone=""), version=stale)

        assert undoable_merge(two.made.keys, two.made.actor, two.kept).changed
        with pytest.raises(PatientChanged):
            two.undo(version=stale)

    assert len(rows(two.made, Patient)) == 1


def test_merges_of_merged_ones_are_undone_one_after_the_other() -> None:
    two = Two()
    two.merge()
    with wearing(Role.DESK):
        third = create_patient(two.made.keys, two.made.actor, make_person(last_name="Dritte"))
        merge_patients(
            two.made.keys, two.made.actor, third, two.kept, {}, versions=(1, two.record(two.kept).version)
        )  # fmt: skip  # lines grouped by hand
        (newest,) = [one for one in rows(two.made, PatientMerge) if one.kept == third]

        undo_merge(two.made.keys, two.made.actor, third, newest.id, version=2)
        two.undo()

    assert {one.id for one in rows(two.made, Patient)} == {two.kept, two.absorbed, third}
    assert (two.of(two.kept), two.of(two.absorbed), two.of(third)) == ({two.own}, two.theirs, set())


def test_an_older_merge_is_not_undone_before_the_newer_one() -> None:
    two = Two()
    two.merge()
    (first,) = rows(two.made, PatientMerge)
    with wearing(Role.DESK):
        third = create_patient(two.made.keys, two.made.actor, make_person(last_name="Dritte"))
        version = two.record(two.kept).version
        merge_patients(two.made.keys, two.made.actor, two.kept, third, {}, versions=(version, 1))

        with pytest.raises(MergeGone):
            undo_merge(two.made.keys, two.made.actor, two.kept, first.id, version=version + 1)


def test_after_thirty_days_it_is_neither_undone_nor_remembered() -> None:
    two = Two()
    two.merge()
    (row,) = rows(two.made, PatientMerge)

    with clock.travelled(timedelta(days=29, hours=23)), wearing(Role.WORKER):
        assert forget_merges(two.made.id) == 0
    with clock.travelled(timedelta(days=30, seconds=1)):
        with wearing(Role.DESK):
            with acting_for(two.made.id):
                assert last_merge(two.made.keys, two.kept) is None
            assert patient_card(two.made.keys, two.made.actor, two.kept).merged_at is None
            with pytest.raises(MergeGone):
                undo_merge(two.made.keys, two.made.actor, two.kept, row.id, version=row.merged_version)
        with wearing(Role.WORKER):
            assert forget_merges(two.made.id) == 1

    assert rows(two.made, PatientMerge) == []
    assert len(rows(two.made, Patient)) == 1


def test_a_new_data_key_reaches_what_is_remembered_and_undoing_still_restores() -> None:
    two = Two()
    two.merge()
    with wearing(Role.DESK):
        begin_new_data_key(two.made.keys, two.made.actor)
        while True:
            with acting_for(two.made.id):
                two.made.keys = open_keyring(two.made.id, two.made.keys.private)
            if not rotate_some(two.made.keys, two.made.actor, batch=1).running:
                break
        with acting_for(two.made.id):
            two.made.keys = open_keyring(two.made.id, two.made.keys.private)

    assert list(two.made.keys.keyring.keys) == [2]
    two.undo()
    assert (two.record(two.kept).person, two.record(two.absorbed).person) == (OWN, OTHER)
