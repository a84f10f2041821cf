"""Requests by the link and at the desk: received, checked, extended, answered; what was written is sealed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as some

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.errors import TooLate
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.errors import Invalid
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.errors import PatientNotFound
from sprechzeit.patients.models import Consent, RecordKey
from sprechzeit.rights.ask import MOST, ask_at_desk, ask_by_link
from sprechzeit.rights.check_identity import check_identity
from sprechzeit.rights.close import REFUSALS, finish, refuse
from sprechzeit.rights.delete_own import Deletion, delete_own
from sprechzeit.rights.due import Urgency, due_on, urgency
from sprechzeit.rights.errors import (
    IdentityUnchecked,
    NotInRecords,
    RequestClosed,
    RequestNotFound,
    TooLateToExtend,
    TooManyRequests,
)
from sprechzeit.rights.extend import extend
from sprechzeit.rights.identity import Identity
from sprechzeit.rights.listing import count_open, open_requests, own_requests
from sprechzeit.rights.models import RightsRequest, RightsText
from sprechzeit.rights.read import open_request
from tests.booking.at_once import all_at_once
from tests.booking.booked import events, rows
from tests.factories import Made, book, in_days, make_bookable, make_person, make_practice

Kind = RightsRequest.Kind
Source = RightsRequest.Source
days = some.dates(date(1990, 1, 1), date(2100, 1, 1))


def booked() -> tuple[Made, Booked]:
    made, visit_type = make_bookable()
    return made, book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")


def asked_by_link(kind: Kind = Kind.CORRECTION, text: str = "Ich heiße Fern.") -> tuple[Made, Booked, UUID]:
    made, visit = booked()
    ask_by_link(made.id, visit.manage_secret, kind, text)
    return made, visit, rows(made, RightsRequest)[0].id


def asked_at_desk(kind: Kind = Kind.RESTRICTION) -> tuple[Made, UUID, UUID]:
    made = make_practice()
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())
        asked = ask_at_desk(made.id, made.actor, patient, kind, Source.PHONE, today(made), "Bis das geklärt ist.")
    return made, patient, asked


def today(made: Made) -> date:
    return clock.now().astimezone(made.practice.zone).date()


def stored(made: Made) -> RightsRequest:
    (found,) = rows(made, RightsRequest)
    return found


@given(days)
def test_a_month_ends_on_the_same_day_of_the_next_or_on_its_last(received: date) -> None:
    due = due_on(received)

    after = due + timedelta(days=1)
    assert (due.year * 12 + due.month) - (received.year * 12 + received.month) == 1
    assert due.day == received.day or (due.day < received.day and after.day == 1)


@given(days)
def test_extended_it_is_three_months_in_all_and_never_sooner(received: date) -> None:
    due = due_on(received, extended=True)

    assert (due.year * 12 + due.month) - (received.year * 12 + received.month) == 3
    assert due.day == received.day or (due + timedelta(days=1)).day == 1
    assert due > due_on(received)


@given(days, days)
def test_who_asks_later_need_not_be_answered_sooner(one: date, other: date) -> None:
    assert (due_on(one) <= due_on(other)) or one > other


@pytest.mark.parametrize(
    ("left", "wanted"),
    [(8, Urgency.LATER), (7, Urgency.SOON), (0, Urgency.SOON), (-1, Urgency.OVERDUE)],
)
def test_the_last_week_presses_and_the_last_day_is_not_overdue(left: int, wanted: Urgency) -> None:
    assert urgency(date(2026, 3, 31), date(2026, 3, 31) - timedelta(days=left)) == wanted


def test_what_was_written_by_the_link_is_sealed_and_opens_at_the_desk_alone() -> None:
    made, _visit, asked = asked_by_link(text="Ich heiße Fern, nicht Ferne.")

    assert b"Fern" not in bytes(rows(made, RightsText)[0].text_sealed)
    with wearing(Role.DESK):
        opened = open_request(made.keys, made.actor, made.practice, asked)
    assert opened.text == "Ich heiße Fern, nicht Ferne."
    assert opened.who.name == "Ferne, Frida"
    assert opened.request.due_on == due_on(today(made))
    assert "Fern" not in repr(opened)


def test_the_patients_side_may_put_in_and_cannot_read_back() -> None:
    made, _visit, asked = asked_by_link()

    for column in ("text_sealed", "request_id"):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):
            connections[current_alias()].cursor().execute(f"select {column} from rights_text")
    for column in ("patient_id", "entered_by", "closed_by"):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):
            connections[current_alias()].cursor().execute(f"select {column} from rights_request")
    with pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):
        connections[current_alias()].cursor().execute("update rights_request set state = 'done' where id = %s", [asked])


def test_the_worker_reads_no_text_and_the_desk_deletes_no_request() -> None:
    made, _visit, _asked = asked_by_link()

    with pytest.raises(ProgrammingError, match="permission denied"), wearing(Role.WORKER), acting_for(made.id):
        connections[current_alias()].cursor().execute("select text_sealed from rights_text")
    with pytest.raises(ProgrammingError, match="permission denied"), wearing(Role.DESK), acting_for(made.id):
        connections[current_alias()].cursor().execute("delete from rights_request")


def test_another_practice_sees_none_of_it() -> None:
    made, _visit, asked = asked_by_link()
    other = make_practice()

    with wearing(Role.DESK):
        assert open_requests(other.keys, other.actor, other.practice) == []
        with pytest.raises(RequestNotFound):
            open_request(other.keys, other.actor, other.practice, asked)
        with pytest.raises(RequestNotFound):
            check_identity(other.id, other.actor, asked, Identity.DOCUMENT)
    assert stored(made).identity == ""


def test_each_step_is_in_the_trail_and_the_link_tells_how_far_it_is() -> None:
    made, visit, asked = asked_by_link()

    with wearing(Role.DESK):
        check_identity(made.id, made.actor, asked, Identity.CALL_BACK)
        extend(made.id, made.actor, asked, RightsRequest.Delay.MANY)
        finish(made.id, made.actor, asked)

    (told,) = own_requests(made.id, visit.manage_secret)
    assert (told.state, told.delay, told.due_on) == ("done", "many", due_on(today(made), extended=True))
    details = [events(made, f"rights.{step}")[0].details for step in ("ask", "check", "extend", "finish")]
    assert [one["right"] for one in details] == ["right-correction"] * 4
    assert details[1]["identity"] == "call-back"
    row = stored(made)
    assert {row.identity_by, row.closed_by} == {made.member}


def test_nothing_is_done_before_the_identity_was_checked() -> None:
    made, _visit, asked = asked_by_link()

    with wearing(Role.DESK), pytest.raises(IdentityUnchecked):
        finish(made.id, made.actor, asked)

    assert stored(made).is_open
    assert events(made, "rights.finish") == []


def test_not_even_the_database_takes_a_done_request_without_a_check() -> None:
    made, _visit, asked = asked_by_link()

    with pytest.raises(Exception, match="rights_request_done_after_check"), wearing(Role.DESK), acting_for(made.id):
        RightsRequest.objects.filter(id=asked).update(state="done", closed_at=clock.now())


def test_it_may_be_refused_because_the_identity_is_not_clear_and_the_reason_is_told() -> None:
    made, visit, asked = asked_by_link()

    with wearing(Role.DESK):
        refuse(made.id, made.actor, asked, "identity")

    (told,) = own_requests(made.id, visit.manage_secret)
    assert (told.state, told.refusal) == ("refused", "identity")
    assert events(made, "rights.refuse")[0].details == {"right": "right-correction", "refusal": "identity"}


@pytest.mark.parametrize("reason", ["", "must-keep", "because"])
def test_only_a_reason_that_the_law_knows_for_this_kind_refuses(reason: str) -> None:
    made, _visit, asked = asked_by_link()

    with wearing(Role.DESK), pytest.raises(Invalid):
        refuse(made.id, made.actor, asked, reason)

    assert stored(made).is_open


def test_every_kind_can_be_refused_for_some_reason() -> None:
    assert set(REFUSALS) == set(Kind)
    assert {one for reasons in REFUSALS.values() for one in reasons} == set(RightsRequest.Refusal)


def test_an_answered_one_is_answered() -> None:
    made, _visit, asked = asked_by_link()
    with wearing(Role.DESK):
        refuse(made.id, made.actor, asked, "withdrawn")

        for step in (
            lambda: finish(made.id, made.actor, asked),
            lambda: refuse(made.id, made.actor, asked, "identity"),
            lambda: check_identity(made.id, made.actor, asked, Identity.DOCUMENT),
            lambda: extend(made.id, made.actor, asked, RightsRequest.Delay.MANY),
        ):
            with pytest.raises(RequestClosed):
                step()


def test_the_time_is_extended_once() -> None:
    made, _visit, asked = asked_by_link()

    with wearing(Role.DESK):
        extend(made.id, made.actor, asked, RightsRequest.Delay.COMPLEX)
        with pytest.raises(TooLateToExtend):
            extend(made.id, made.actor, asked, RightsRequest.Delay.MANY)


def test_and_not_when_it_is_over() -> None:
    made, _visit, asked = asked_by_link()

    with clock.travelled(timedelta(days=32)), wearing(Role.DESK), pytest.raises(TooLateToExtend):
        extend(made.id, made.actor, asked, RightsRequest.Delay.COMPLEX)


def test_the_same_is_asked_for_once_while_it_is_open() -> None:
    made, visit, asked = asked_by_link()

    with pytest.raises(TooManyRequests):
        ask_by_link(made.id, visit.manage_secret, Kind.CORRECTION, "Noch einmal")
    ask_by_link(made.id, visit.manage_secret, Kind.ACCESS, "")
    with wearing(Role.DESK):
        refuse(made.id, made.actor, asked, "withdrawn")
    ask_by_link(made.id, visit.manage_secret, Kind.CORRECTION, "Doch noch")

    assert sorted(one.kind for one in rows(made, RightsRequest)) == ["access", "correction", "correction"]


def test_asked_twice_at_the_same_moment_there_is_one() -> None:
    made, visit = booked()

    results, _connections = all_at_once([lambda: ask_by_link(made.id, visit.manage_secret, Kind.ACCESS, "Bitte")] * 4)

    assert sum(isinstance(one, TooManyRequests) for one in results) == 3
    assert len(rows(made, RightsRequest)) == 1


def test_sent_twice_with_one_key_there_is_one_and_no_error() -> None:
    made, visit = booked()

    for _ in range(2):
        ask_by_link(made.id, visit.manage_secret, Kind.ACCESS, "Bitte", key="k")

    assert len(rows(made, RightsRequest)) == 1


def test_who_has_a_link_cannot_fill_the_list() -> None:
    made, visit = booked()
    for _ in range(MOST):
        ask_by_link(made.id, visit.manage_secret, Kind.ACCESS, "")
        with wearing(Role.DESK):
            refuse(made.id, made.actor, rows(made, RightsRequest, state="open")[0].id, "withdrawn")

    with pytest.raises(TooManyRequests):
        ask_by_link(made.id, visit.manage_secret, Kind.ACCESS, "")


def test_it_is_possible_after_the_visit_too() -> None:
    made, visit = booked()

    with clock.travelled(timedelta(days=9)):
        ask_by_link(made.id, visit.manage_secret, Kind.ACCESS, "")

        assert own_requests(made.id, visit.manage_secret)[0].received_on == today(made)


def test_but_not_when_nothing_is_stored_of_who_came() -> None:
    made, visit = booked()
    cancel_managed(made.id, visit.manage_secret)
    assert delete_own(made.id, visit.manage_secret) == Deletion.DONE

    with pytest.raises(TooLate):
        ask_by_link(made.id, visit.manage_secret, Kind.ACCESS, "")


def test_deleting_the_own_data_takes_what_was_written_along_and_its_key() -> None:
    made, visit, _asked = asked_by_link()

    assert delete_own(made.id, visit.manage_secret) == Deletion.DONE

    assert rows(made, RightsText) == []
    assert rows(made, RecordKey) == []
    assert len(own_requests(made.id, visit.manage_secret)) == 1


def test_erasure_asked_for_by_the_link_stands_in_the_same_list() -> None:
    made, visit = booked()
    with wearing(Role.DESK):
        accept(made.keys, made.actor, visit.appointment_id)

    assert delete_own(made.id, visit.manage_secret) == Deletion.ASKED

    with wearing(Role.DESK):
        (listed,) = open_requests(made.keys, made.actor, made.practice)
    assert (listed.request.kind, listed.who.name) == ("erasure", "Ferne, Frida")


def test_a_booking_by_link_is_the_patients_once_it_is_taken_over() -> None:
    made, visit, asked = asked_by_link(Kind.RESTRICTION, "")
    with wearing(Role.DESK):
        check_identity(made.id, made.actor, asked, Identity.DOCUMENT)
        with pytest.raises(NotInRecords):
            finish(made.id, made.actor, asked)
        patient = accept(made.keys, made.actor, visit.appointment_id)

        finish(made.id, made.actor, asked)

        assert open_request(made.keys, made.actor, made.practice, asked).patient == patient


def test_an_objection_ends_consents_of_who_is_not_in_the_records_yet() -> None:
    made, visit, asked = asked_by_link(Kind.OBJECTION, "")
    appointment = visit.appointment_id
    with wearing(Role.DESK), acting_for(made.id):
        intake = RightsRequest.objects.select_related("appointment").get(id=asked).appointment
        assert intake is not None
        Consent.objects.create(
            practice_id=made.id, intake_id=intake.intake_id, purpose="recall", wording="Ja", source="front",
            given_at=clock.now(),
        )  # fmt: skip  # lines grouped by hand
    with wearing(Role.DESK):
        check_identity(made.id, made.actor, asked, Identity.DOCUMENT)
        finish(made.id, made.actor, asked)

    assert all(one.withdrawn_at for one in rows(made, Consent))
    assert stored(made).appointment_id == appointment


@pytest.mark.parametrize("away", [-366, 1])
def test_the_desk_names_a_day_that_can_be(away: int) -> None:
    made = make_practice()
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())

        day = today(made) + timedelta(days=away)

        with pytest.raises(Invalid):
            ask_at_desk(made.id, made.actor, patient, Kind.ACCESS, Source.LETTER, day, "")


def test_a_letter_counts_from_the_day_it_came() -> None:
    made = make_practice()
    came = today(made) - timedelta(days=9)
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person())
        ask_at_desk(made.id, made.actor, patient, Kind.ACCESS, Source.LETTER, came, "")

    assert stored(made).due_on == due_on(came)
    assert stored(made).entered_by == made.member


def test_nobody_records_for_a_patient_of_another_practice() -> None:
    made, patient, _asked = asked_at_desk()
    other = make_practice()

    with wearing(Role.DESK), pytest.raises(PatientNotFound):
        ask_at_desk(other.id, other.actor, patient, Kind.ACCESS, Source.PHONE, today(made), "")


@pytest.mark.parametrize(("passed", "pressing"), [(0, 0), (26, 1), (40, 1)])
def test_what_presses_is_counted(passed: int, pressing: int) -> None:
    made, _patient, _asked = asked_at_desk()

    with clock.travelled(timedelta(days=passed)), wearing(Role.DESK):
        counted = count_open(made.practice)

    assert (counted.open, counted.pressing) == (1, pressing)
