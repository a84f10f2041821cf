"""Who has no appointment waits too: typed online and sealed, or put on the list at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.claims import Claims
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.hold import hold
from sprechzeit.booking.manage import find_managed
from sprechzeit.booking.merge_patients import merge_patients, undo_merge
from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.patients.consent import P, Whose, give
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import AddressConfirmation, Consent, Intake, PatientMerge, RecordKey
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.retention.due import Kind, due
from sprechzeit.retention.rules import rules_of
from sprechzeit.vault import new_link_secret
from sprechzeit.waiting.answer import accept, decline
from sprechzeit.waiting.errors import EntryNotFound, NotForTheList, NothingLeft
from sprechzeit.waiting.join import join, join_at_desk
from sprechzeit.waiting.models import WaitingEntry
from sprechzeit.waiting.overrule import book_now
from sprechzeit.waiting.own import change_own_wishes, confirm_place, find_place, leave, mail_place_again
from sprechzeit.waiting.wishes import LONGEST_WAIT, UNCONFIRMED_FOR, Wishes
from tests.booking.at_once import all_at_once
from tests.booking.booked import events, rows
from tests.factories import Made, book, in_days, make_person, type_id
from tests.messages.mailbox import mail_server_set
from tests.messages.posted import messages
from tests.waiting.waits import (
    entry_by,
    entry_of,
    joins,
    links,
    make_full,
    offer_secrets,
    offers,
    waits,
    worker_looks,
)


@pytest.fixture(autouse=True)
def _mail(database: None) -> Iterator[None]:
    with mail_server_set():
        yield


def with_code(made: Made) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(confirm_email=True)


def proof_in(link: str) -> str:
    return link.rpartition("=")[2]


def put_on(made: Made, visit_type: VisitType, *, reachable: bool = True, **person: str) -> tuple[UUID, UUID]:
    """A patient of the records, and their place."""
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person(**person))
        if reachable:
            give(made.id, made.actor, Whose(patient=patient), P.REMINDER_EMAIL, "Ja", Consent.Source.DESK)
            with acting_for(made.id):
                AddressConfirmation.objects.create(
                    practice_id=made.id, patient_id=patient, channel="email", confirmed_at=clock.now()
                )
        return patient, join_at_desk(made.keys, made.actor, patient, type_id(visit_type), Wishes())


def nothing_is_left(made: Made) -> bool:
    """Of a practice where nobody has booked: no sealed word, no key of one, no address, no place."""
    with wearing(Role.DESK), acting_for(made.id):
        kept = NotifierAddress.objects.filter(practice=made.id).only("id").exists()
        tables = (WaitingEntry, Intake, Consent, RecordKey)
        return not kept and not any(table.objects.filter(practice=made.id).exists() for table in tables)


def test_who_has_no_appointment_is_offered_what_gets_free_and_gets_one() -> None:
    made, visit_type = make_full(days=1)
    first, _ = book(made, visit_type, in_days(1, 9)), book(made, visit_type, in_days(1, 9, 30))
    secret = joins(made, visit_type, consents=("reminder-email",))
    worker_looks(made)
    assert offers(made) == []

    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)
    [asked] = offer_secrets(made)
    accept(made.id, asked)
    accept(made.id, asked)  # a double click

    managed = find_managed(made.id, secret)  # the link of the place is the appointment's
    assert managed.starts_at == in_days(1, 9)
    [booked] = rows(made, Appointment, id=managed.id)
    assert booked.intake_id is not None
    assert len(messages(made, kind="confirmation")) == 3
    assert rows(made, Hold) == []
    assert find_place(made.id, secret).is_booked
    assert len(events(made, "waiting.accept")) == 1


def test_both_kinds_are_asked_in_the_order_in_which_they_came() -> None:
    made, visit_type = make_full(hours=(9, 11))
    first, second = book(made, visit_type, in_days(1, 9)), book(made, visit_type, in_days(1, 9, 30))
    earlier = waits(made, visit_type, in_days(1, 10))
    book(made, visit_type, in_days(1, 10, 30))
    secret = joins(made, visit_type)
    _patient, third = put_on(made, visit_type)
    cancel_managed(made.id, first.manage_secret)
    worker_looks(made)
    decline(made.id, offer_secrets(made)[0])
    worker_looks(made)
    decline(made.id, offer_secrets(made)[1])
    worker_looks(made)
    own = entry_by(made, secret)
    assert own is not None
    assert [one.entry_id for one in offers(made)] == [entry_of(made, earlier).id, own.id, third]

    cancel_managed(made.id, second.manage_secret)
    worker_looks(made)

    assert offers(made)[-1].entry_id == entry_of(made, earlier).id  # the places are kept


def test_they_wait_only_once_the_address_is_confirmed_by_the_mail() -> None:
    made, visit_type = make_full()
    with_code(made)
    secret = joins(made, visit_type)
    worker_looks(made)
    assert offers(made) == []  # although all is free
    [link] = links(made, Message.Kind.WAITING_LIST)

    with pytest.raises(NotForTheList):
        confirm_place(made.id, secret, "0" * 32)  # who only has the page's link
    confirm_place(made.id, secret, proof_in(link))
    confirm_place(made.id, secret, proof_in(link))
    worker_looks(made)

    assert [one.state for one in offers(made)] == ["open"]
    assert len(events(made, "waiting.confirm")) == 1


def test_the_mail_is_sent_again_at_most_twice() -> None:
    made, visit_type = make_full()
    with_code(made)
    secret = joins(made, visit_type)
    mail_place_again(made.id, secret)
    mail_place_again(made.id, secret)
    with pytest.raises(NotForTheList):
        mail_place_again(made.id, secret)

    assert len(set(links(made, Message.Kind.WAITING_LIST))) == 1
    assert len(links(made, Message.Kind.WAITING_LIST)) == 3


def test_a_place_that_nobody_confirms_leaves_nothing_after_a_day() -> None:
    made, visit_type = make_full()
    with_code(made)
    joins(made, visit_type, consents=("reminder-email",))
    assert not nothing_is_left(made)

    with clock.travelled(UNCONFIRMED_FOR + timedelta(minutes=1)):
        worker_looks(made)

    assert nothing_is_left(made)


def test_who_leaves_leaves_nothing_behind_and_the_offered_time_is_free() -> None:
    made, visit_type = make_full(days=1)
    secret = joins(made, visit_type)
    worker_looks(made)
    assert [one.state for one in offers(made)] == ["open"]

    leave(made.id, secret)

    assert nothing_is_left(made)
    assert rows(made, Hold) == []
    assert links(made, Message.Kind.OFFER) == links(made, Message.Kind.WAITING_LIST) == []
    with pytest.raises(EntryNotFound):
        find_place(made.id, secret)


def test_after_ninety_days_the_place_goes_and_all_that_was_typed() -> None:
    made, visit_type = make_full(days=0)
    secret = joins(made, visit_type)
    with clock.travelled(LONGEST_WAIT - timedelta(hours=1)):
        worker_looks(made)
        assert find_place(made.id, secret).is_confirmed
        with wearing(Role.WORKER), acting_for(made.id):  # the rules for intakes do not reach it before
            assert due(made.id, rules_of(made.id), Kind.INTAKES, most=9) == []

    with clock.travelled(LONGEST_WAIT + timedelta(minutes=1)):
        worker_looks(made)

    assert nothing_is_left(made)


def test_sent_twice_at_the_same_moment_it_is_one_place() -> None:
    made, visit_type = make_full()
    secret = new_link_secret()

    put = partial(join, made.id, secret, type_id(visit_type), make_person(), Wishes())
    results, connections = all_at_once([put, put])

    assert connections == 2
    assert results == [None, None]
    assert len(rows(made, WaitingEntry)) == len(rows(made, Intake)) == 1


def test_whom_the_visit_type_is_not_for_is_told_and_nothing_is_kept() -> None:
    made, visit_type = make_full(open_to="known", min_age=18)
    secret = new_link_secret()

    for claims in (Claims(is_new=True), Claims(is_new=False)):  # new; and no birth date
        with pytest.raises(NotBookable):
            join(made.id, secret, type_id(visit_type), make_person(), Wishes(), claims=claims)

    assert nothing_is_left(made)


def test_what_needs_a_code_cannot_be_waited_for_online() -> None:
    made, visit_type = make_full(access="code")

    with pytest.raises(NotForTheList):
        join(made.id, new_link_secret(), type_id(visit_type), make_person(), Wishes())

    assert nothing_is_left(made)


def test_changed_wishes_keep_the_place_and_decide_from_now_on() -> None:
    made, visit_type = make_full(days=1)
    secret = joins(made, visit_type, weekdays=(in_days(3).isoweekday(),))
    worker_looks(made)
    assert offers(made) == []
    before = entry_by(made, secret)
    assert before is not None

    change_own_wishes(made.id, secret, Wishes())
    worker_looks(made)

    assert len(offers(made)) == 1
    after = entry_by(made, secret)
    assert after is not None
    assert after.created_at == before.created_at
    with pytest.raises(NotForTheList):  # an offer is open
        change_own_wishes(made.id, secret, Wishes())


def test_a_patient_of_the_records_is_put_on_the_list_once_and_gets_an_appointment() -> None:
    made, visit_type = make_full(days=1)
    patient, entry = put_on(made, visit_type)
    with wearing(Role.DESK):
        again = join_at_desk(made.keys, made.actor, patient, type_id(visit_type), Wishes(notice_hours=3))
    assert again == entry
    worker_looks(made)

    accept(made.id, offer_secrets(made)[0])

    [booked] = rows(made, Appointment)
    assert (booked.patient_id, booked.source) == (patient, "desk")
    assert len(messages(made, kind="confirmation")) == 1


def test_who_cannot_be_written_to_is_called_and_the_desk_books_it_at_once() -> None:
    made, visit_type = make_full(days=1)
    patient, entry = put_on(made, visit_type, reachable=False)
    worker_looks(made)
    assert offers(made) == []

    with wearing(Role.DESK):
        book_now(made.id, made.actor, entry, in_days(1, 9, 30))
        with pytest.raises(NothingLeft):
            book_now(made.id, made.actor, entry, in_days(1, 9))

    [booked] = rows(made, Appointment)
    assert (booked.patient_id, booked.starts_at) == (patient, in_days(1, 9, 30))
    assert rows(made, Hold) == []
    assert len(events(made, "waiting.book")) == 1


def test_the_desk_books_for_who_typed_it_online_too() -> None:
    made, visit_type = make_full(days=1)
    secret = joins(made, visit_type)
    entry = entry_by(made, secret)
    assert entry is not None

    with wearing(Role.DESK):
        book_now(made.id, made.actor, entry.id, in_days(1, 9))

    assert find_managed(made.id, secret).starts_at == in_days(1, 9)


def test_a_merge_takes_the_place_along_and_its_undoing_brings_it_back() -> None:
    made, visit_type = make_full(days=0)
    other, entry = put_on(made, visit_type, last_name="Doppelt")
    with wearing(Role.DESK):
        kept = create_patient(made.keys, made.actor, make_person())
        merge_patients(made.keys, made.actor, kept, other, take={}, versions=(1, 1))
        assert [one.patient_id for one in rows(made, WaitingEntry, id=entry)] == [kept]

        [merged] = rows(made, PatientMerge)
        undo_merge(made.keys, made.actor, kept, merged.id, version=2)

    assert [one.patient_id for one in rows(made, WaitingEntry, id=entry)] == [other]


def test_after_a_merge_nobody_waits_for_the_same_twice() -> None:
    made, visit_type = make_full(days=0)
    (kept, first), (other, second) = put_on(made, visit_type), put_on(made, visit_type, last_name="Doppelt")

    with wearing(Role.DESK):
        merge_patients(made.keys, made.actor, kept, other, take={}, versions=(1, 1))

    assert {one.id: one.state for one in rows(made, WaitingEntry)} == {first: "waiting", second: "withdrawn"}


def test_erasing_the_patient_takes_the_place_the_address_and_the_held_time() -> None:
    made, visit_type = make_full(days=1)
    patient, _entry = put_on(made, visit_type)
    worker_looks(made)
    assert [one.state for one in offers(made)] == ["open"]

    with wearing(Role.DESK):
        erase_patient(made.keys, made.actor, patient, version=1)

    assert nothing_is_left(made)
    assert rows(made, Hold) == []
    assert links(made, Message.Kind.OFFER) == []
    assert hold(made.id, type_id(visit_type), in_days(1, 9))


def test_who_waits_is_not_forgotten_meanwhile() -> None:
    made, visit_type = make_full(days=0)
    patient, _entry = put_on(made, visit_type)
    with wearing(Role.DESK), acting_for(made.id):
        Consent.objects.filter(practice=made.id).delete()
    with wearing(Role.DESK):
        rules = rules_of(made.id)
    rules = replace(rules, keep_patient_days=1)
    with clock.travelled(timedelta(days=2)), wearing(Role.WORKER), acting_for(made.id):
        assert due(made.id, rules, Kind.PATIENTS, most=9) == []
    with clock.travelled(LONGEST_WAIT + timedelta(days=1)):
        worker_looks(made)
        with wearing(Role.WORKER), acting_for(made.id):
            assert due(made.id, rules, Kind.PATIENTS, most=9) == [patient]
