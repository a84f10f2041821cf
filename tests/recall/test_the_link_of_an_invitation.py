from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.http import HttpResponse

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.practices.models import VisitType
from sprechzeit.recall.answer import book_recall
from sprechzeit.recall.models import Recall
from sprechzeit.vault import link_to_text, new_link_secret
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, at_desk, in_days, visitor
from tests.messages.mailbox import mail_server_set, number_put_in
from tests.recall.due import due, invite_all, links, recall_of, secret_in
from tests.recall.test_recalls_begin_and_end import renew


@pytest.fixture(autouse=True)
def mail_server() -> Iterator[None]:
    with mail_server_set():
        yield


def invited() -> tuple[Made, VisitType, str]:
    made, visit_type, _ = due()
    invite_all(made)
    return made, visit_type, links(made)[0]


def choose(link: str, days: int = 1, hour: int = 9, minute: int = 0) -> HttpResponse:
    return visitor().post(link, {"zeit": in_days(days, hour, minute).isoformat()})


def booked(made: Made) -> list[Appointment]:
    return rows(made, Appointment, status="booked")


def test_it_shows_free_times_and_nobodys_name() -> None:
    made, _, link = invited()

    answer = visitor().get(link)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert in_days(1, 9).isoformat() in page
    assert made.practice.name in page
    assert "Muster" not in page
    assert "erika@" not in page
    assert booked(made) == []
    assert recall_of(made).state == "invited"


def test_a_time_is_booked_for_the_patient_and_confirmed_by_mail() -> None:
    made, _, link = invited()

    answer = choose(link)

    (appointment,) = booked(made)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/praxis/{made.practice.slug}/mein-termin/")
    assert (appointment.patient_id, appointment.intake_id) == (recall_of(made).patient_id, None)
    assert appointment.starts_at == in_days(1, 9)
    assert (recall_of(made).state, recall_of(made).appointment_id) == ("booked", appointment.id)
    with wearing(Role.WORKER), acting_for(made.id):
        assert NotifierAddress.objects.filter(practice=made.id, about=appointment.id).count() == 1
    assert number_put_in(made, Message.Kind.CONFIRMATION) == 1
    assert visitor().get(answer.headers["Location"]).status_code == 200
    assert [one.subjects for one in events(made, "recall.book")] == [[appointment.patient_id]]


def test_a_double_click_books_once_and_leads_to_the_same_page() -> None:
    made, _, link = invited()

    first, second = choose(link), choose(link, 2)

    assert first.headers["Location"] == second.headers["Location"]
    assert visitor().get(link).headers["Location"] == first.headers["Location"]
    assert len(booked(made)) == 1


def test_clicks_at_the_same_moment_book_once() -> None:
    made, _, link = invited()
    secret = secret_in(link)

    results, _ = all_at_once(
        [lambda day=day: book_recall(made.id, secret, in_days(day, 9)) for day in (1, 1, 2, 3)], role=Role.FRONT
    )

    assert results == [None] * 4
    assert len(booked(made)) == 1


def test_a_time_that_is_taken_is_told_and_others_are_offered() -> None:
    made, visit_type, link = invited()
    book_by_phone(made, visit_type, in_days(1, 9))

    answer = choose(link)

    assert answer.status_code == 409
    assert "gerade vergeben" in answer.content.decode()
    assert recall_of(made).state == "invited"


@pytest.mark.parametrize(
    ("fields", "days", "minute"),
    [
        ({}, -1, 0),
        ({}, 1, 7),
        ({"lead_minutes": 3 * 24 * 60}, 1, 0),
        ({"horizon_days": 1}, 3, 0),
        ({"online": False}, 1, 0),
    ],
    ids=["past", "off-grid", "too-soon", "too-far", "not-online"],
)
def test_the_visit_types_rules_hold(fields: dict[str, object], days: int, minute: int) -> None:
    made, visit_type, link = invited()
    with wearing(Role.DESK), acting_for(made.id):
        VisitType.objects.filter(practice=made.id, id=visit_type.id).update(**fields)

    answer = choose(link, days, 9, minute)

    assert answer.status_code == 422
    assert booked(made) == []


def test_a_full_day_is_full_here_too() -> None:
    made, visit_type, link = invited()
    with wearing(Role.DESK), acting_for(made.id):
        VisitType.objects.filter(practice=made.id, id=visit_type.id).update(most_a_day=1)
    book_by_phone(made, visit_type, in_days(1, 10))

    assert choose(link).status_code == 422
    assert choose(link, 2).status_code == 303


def test_declined_it_is_over_and_the_address_goes() -> None:
    made, _, link = invited()

    assert "Sie haben abgelehnt" in visitor().post(link, {"ablehnen": "1"}).content.decode()
    assert visitor().post(link, {"ablehnen": "1"}).status_code == 200

    recall = recall_of(made)
    assert recall.state == "declined"
    with wearing(Role.WORKER), acting_for(made.id):
        assert not NotifierAddress.objects.filter(practice=made.id, about=recall.id).exists()
    assert len(events(made, "recall.decline")) == 1
    assert_is_over(link)


def test_booked_by_telephone_it_is_over_before_the_night_and_after() -> None:
    made, visit_type, link = invited()
    book_by_phone(made, visit_type, in_days(2, 9), recall_of(made).patient_id)

    assert_is_over(link)
    renew(made)
    assert_is_over(link)
    assert len(booked(made)) == 1


def test_ended_by_the_desk_it_is_over() -> None:
    made, _, link = invited()
    at_desk(made).post(f"/desk/kontrollen/{recall_of(made).id}/nicht-mehr/")

    assert_is_over(link)


def test_after_sixty_days_it_is_over() -> None:
    _, _, link = invited()

    with clock.travelled(timedelta(days=61)):
        assert_is_over(link)


def test_another_secret_reads_the_same() -> None:
    made, _, _ = invited()

    assert_is_over(f"/praxis/{made.practice.slug}/kontrolle/{link_to_text(new_link_secret())}/")
    assert_is_over(f"/praxis/{made.practice.slug}/kontrolle/unsinn/")


def assert_is_over(link: str) -> None:
    for answer in (visitor().get(link), choose(link)):
        assert answer.status_code == 410
        assert "gilt nicht mehr" in answer.content.decode()


def test_the_front_sees_neither_when_somebody_is_due_nor_how_often_they_were_invited() -> None:
    made, _, _ = invited()
    for column in ("due_on", "invitations"):
        with pytest.raises(DatabaseError), wearing(Role.FRONT), acting_for(made.id):
            list(Recall.objects.filter(practice=made.id).values_list(column))
