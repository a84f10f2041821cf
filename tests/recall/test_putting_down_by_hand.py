"""The desk puts somebody down for a check-up; whose records become one keeps their check-ups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse

from sprechzeit import clock
from sprechzeit.booking.merge_patients import merge_patients, undo_merge
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.messages.models import Message
from sprechzeit.patients.consent import P, Whose, give, withdraw
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.errors import PatientNotFound
from sprechzeit.patients.models import AddressConfirmation, Consent, PatientMerge
from sprechzeit.patients.read import open_patient
from sprechzeit.practices.models import VisitType
from sprechzeit.recall.by_hand import put_down
from sprechzeit.recall.errors import ComesAnyway, InvitedAlready, NotAgreed
from sprechzeit.recall.models import Recall
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import BERLIN, Made, at_desk, in_days, make_bookable, make_person, make_visit_type, visitor
from tests.messages.mailbox import letters, mail_server_set
from tests.recall.due import due, invite_all, links, recall_of
from tests.recall.test_recalls_begin_and_end import renew
from tests.web.page import Page


@pytest.fixture(autouse=True)
def mail_server() -> Iterator[None]:
    with mail_server_set():
        yield


def known(*, agreed: bool = True, **person: str) -> tuple[Made, VisitType, UUID]:
    """A patient with a confirmed address, who was never here."""
    made, visit_type = make_bookable()
    return made, visit_type, one_more(made, agreed=agreed, **person)


def one_more(made: Made, *, agreed: bool = True, **person: str) -> UUID:
    with wearing(Role.DESK), acting_for(made.id):
        patient = create_patient(made.keys, made.actor, make_person(**person))
        AddressConfirmation.objects.create(
            practice_id=made.id, patient_id=patient, channel="email", confirmed_at=clock.now()
        )
        if agreed:
            give(made.id, made.actor, Whose(patient=patient), P.RECALL, "Ja.", Consent.Source.DESK)
    return patient


def put(made: Made, visit_type: VisitType, patient: UUID, days: int = 0) -> None:
    day = (clock.now() + timedelta(days=days)).astimezone(BERLIN).date()
    with wearing(Role.DESK):
        put_down(made.id, made.actor, patient, visit_type.id, day)


def states(made: Made) -> list[tuple[UUID, str]]:
    return sorted((one.patient_id, one.state) for one in rows(made, Recall))


def test_put_down_for_today_the_patient_is_invited_like_any_other() -> None:
    made, visit_type, patient = known()

    put(made, visit_type, patient)

    assert invite_all(made) == 1
    assert recall_of(made).state == "invited"
    assert len(links(made)) == 1
    assert [(one.subjects, one.details) for one in events(made, "recall.begin")] == [
        ([patient], {"visit_type": visit_type.id})
    ]


def test_the_night_leaves_it_as_it_is() -> None:
    made, visit_type, patient = known()
    put(made, visit_type, patient, days=200)

    assert renew(made) == (0, 0)
    assert recall_of(made).state == "due"


def test_due_later_than_in_four_weeks_nothing_goes_out_yet() -> None:
    made, visit_type, patient = known()
    put(made, visit_type, patient, days=40)

    assert invite_all(made) == 0
    with clock.travelled(timedelta(days=14)):
        assert invite_all(made) == 1


def test_put_down_again_it_is_due_on_the_other_day_and_stands_once() -> None:
    made, visit_type, patient = known()
    put(made, visit_type, patient, days=40)

    put(made, visit_type, patient, days=2)

    assert recall_of(made).due_on == (clock.now() + timedelta(days=2)).astimezone(BERLIN).date()


def test_without_a_consent_nobody_is_put_down() -> None:
    made, visit_type, patient = known(agreed=False)

    with pytest.raises(NotAgreed):
        put(made, visit_type, patient)
    assert rows(made, Recall) == []


def test_withdrawn_afterwards_the_night_ends_it() -> None:
    made, visit_type, patient = known()
    put(made, visit_type, patient)
    with wearing(Role.DESK):
        withdraw(made.id, made.actor, Whose(patient=patient), P.RECALL)

    assert invite_all(made) == 0
    assert renew(made) == (1, 0)


def test_who_has_such_a_visit_or_an_invitation_is_not_put_down_again() -> None:
    made, visit_type, patient = known()
    coming = book_by_phone(made, visit_type, in_days(1, 9), patient)
    with pytest.raises(ComesAnyway):
        put(made, visit_type, patient)
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.filter(id=coming.id).update(status="cancelled")

    put(made, visit_type, patient)
    invite_all(made)

    with pytest.raises(InvitedAlready):
        put(made, visit_type, patient)
    assert len(rows(made, Recall)) == 1


def test_who_declined_the_last_one_may_be_put_down_by_hand() -> None:
    made, visit_type, patient = due()
    invite_all(made)
    visitor().post(links(made)[0], {"ablehnen": "1"})
    assert renew(made) == (0, 0)  # by itself it does not begin again

    put(made, visit_type, patient)

    assert sorted(one.state for one in rows(made, Recall)) == ["declined", "due"]


@pytest.mark.parametrize("days", [-1, 366 * 11])
def test_a_day_that_makes_no_sense_is_refused(days: int) -> None:
    made, visit_type, patient = known()

    with pytest.raises(Invalid) as refused:
        put(made, visit_type, patient, days)
    assert refused.value.field == "due_on"


def test_another_practices_patient_is_not_found() -> None:
    made, visit_type, _ = known()
    _other, _type, theirs = known()

    with pytest.raises(PatientNotFound):
        put(made, visit_type, theirs)


def post(made: Made, patient: UUID, **typed: str) -> HttpResponse:
    return at_desk(made).post(f"/desk/patient/{patient}/kontrolle/", typed)


def test_on_the_card_a_member_puts_the_patient_down_and_sees_it() -> None:
    made, visit_type, patient = known(last_name="Vorsorge")
    card = f"/desk/patient/{patient}/"

    form = Page(at_desk(made).get(card)).form(with_field="faellig")
    answer = form.send(at_desk(made), art=str(visit_type.id))

    assert answer.status_code == 302
    assert "vorgemerkt" in at_desk(made).get(card).content.decode()
    assert "Vorsorge" in at_desk(made).get("/desk/kontrollen/").content.decode()


def test_without_a_consent_the_card_says_what_is_missing_and_has_no_form() -> None:
    made, _, patient = known(agreed=False)

    page = at_desk(made).get(f"/desk/patient/{patient}/").content.decode()

    assert "zugestimmt" in page
    assert 'name="faellig"' not in page


@pytest.mark.parametrize(("day", "words"), [("", "Bitte nennen Sie einen Tag."), ("2020-01-01", "nicht schon vorbei")])
def test_a_wrong_day_is_told_on_the_card_and_stays_typed(day: str, words: str) -> None:
    made, visit_type, patient = known()

    answer = post(made, patient, art=str(visit_type.id), faellig=day)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Page(answer).form(with_field="faellig").fields["faellig"] == day


def test_a_visit_type_that_is_not_there_is_refused() -> None:
    made, _, patient = known()

    answer = post(made, patient, art="999999999", faellig="2030-01-01")

    assert answer.status_code == 404
    assert rows(made, Recall) == []


def merge(made: Made, kept: UUID, absorbed: UUID) -> PatientMerge:
    with wearing(Role.DESK):
        with acting_for(made.id):
            versions = tuple(open_patient(made.keys, one).version for one in (kept, absorbed))
        merge_patients(made.keys, made.actor, kept, absorbed, {}, versions=(versions[0], versions[1]))
    return max(rows(made, PatientMerge), key=lambda one: one.created_at)


def undo(made: Made, merged: PatientMerge) -> None:
    with wearing(Role.DESK):
        with acting_for(made.id):
            version = open_patient(made.keys, merged.kept).version
        undo_merge(made.keys, made.actor, merged.kept, merged.id, version=version)


def test_a_merge_takes_check_ups_along_and_undoing_it_gives_them_back() -> None:
    made, visit_type, kept = known()
    absorbed = one_more(made)
    put(made, visit_type, absorbed)
    invite_all(made)

    merged = merge(made, kept, absorbed)
    assert states(made) == [(kept, "invited")]
    assert len(letters(made, Message.Kind.RECALL)) == 1

    undo(made, merged)
    assert states(made) == [(absorbed, "invited")]


def test_the_link_of_an_invitation_works_after_a_merge_and_books_for_the_kept_record() -> None:
    made, visit_type, kept = known()
    absorbed = one_more(made)
    put(made, visit_type, absorbed)
    invite_all(made)
    merge(made, kept, absorbed)

    visitor().post(links(made)[0], {"zeit": in_days(1, 9).isoformat()})

    assert [one.patient_id for one in rows(made, Appointment)] == [kept]


def test_of_two_of_a_type_the_kept_records_stays_and_undoing_makes_the_other_due_again() -> None:
    made, visit_type, kept = known()
    absorbed = one_more(made)
    other = make_visit_type(made, name_de="Impfung")
    for patient in (kept, absorbed):
        put(made, visit_type, patient)
    put(made, other, absorbed)

    merged = merge(made, kept, absorbed)
    assert states(made) == sorted([(kept, "due"), (kept, "due"), (kept, "stopped")])
    assert renew(made) == (0, 0)

    undo(made, merged)
    assert states(made) == sorted([(kept, "due"), (absorbed, "due"), (absorbed, "due")])


def test_what_was_declined_stays_declined_after_a_merge() -> None:
    made, _, absorbed = due()
    invite_all(made)
    visitor().post(links(made)[0], {"ablehnen": "1"})
    kept = one_more(made)

    merge(made, kept, absorbed)

    assert renew(made) == (0, 0)
    assert states(made) == [(kept, "declined")]


def test_undoing_the_first_of_two_merges_gives_back_only_what_came_with_it() -> None:
    made, visit_type, last = known()
    first, second = one_more(made), one_more(made)
    other = make_visit_type(made, name_de="Impfung")
    put(made, visit_type, first)
    put(made, other, second)
    one = merge(made, second, first)
    two = merge(made, last, second)

    undo(made, two)
    assert states(made) == sorted([(second, "due"), (second, "due")])
    undo(made, one)
    assert states(made) == sorted([(first, "due"), (second, "due")])
