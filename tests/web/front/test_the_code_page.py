from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from tests.booking.booked import book_by_phone, rows
from tests.factories import in_days, make_bookable, visitor
from tests.messages.mailbox import codes_mailed, mail_server_set, to_whom
from tests.web.front.walk import TYPED, details_url, people
from tests.web.page import Page


@pytest.fixture(autouse=True)
def mail_can_be_sent() -> Iterator[None]:
    with mail_server_set():
        yield


def test_the_form_leads_to_the_code_and_the_code_to_the_appointment() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    form = details_url(client, made, visit_type, in_days(1, 9))

    sent = client.post(form, TYPED)
    page = client.get(sent.headers["Location"])
    wrong = client.post(sent.headers["Location"], {"mail_code": "12"})
    before = rows(made, Appointment)
    booked = client.post(sent.headers["Location"], {"mail_code": codes_mailed(made)[0]})

    assert "/code/" in sent.headers["Location"]
    assert (page.status_code, before) == (200, [])
    assert (wrong.status_code, set(Page(wrong).errors)) == (422, {"mail_code"})
    assert "/mein-termin/" in booked.headers["Location"]
    assert len(rows(made, Appointment)) == 1
    assert [one.last_name for one in people(made)] == ["Muster"]


def test_reloading_any_page_afterwards_leads_to_the_appointment() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    form = details_url(client, made, visit_type, in_days(1, 9))
    code_page = client.post(form, TYPED).headers["Location"]
    while_waiting = client.get(form)
    client.post(code_page, {"mail_code": codes_mailed(made)[0]})

    assert while_waiting.headers["Location"] == code_page
    for address in (form, code_page):
        assert "/mein-termin/" in client.get(address).headers["Location"]


def test_a_new_code_replaces_the_first_and_after_three_it_is_said_that_there_are_no_more() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    page = client.post(details_url(client, made, visit_type, in_days(1, 9)), TYPED).headers["Location"]
    first = codes_mailed(made)

    again = [client.post(page, {"nochmal": "1", "email": "somebody@else.example"}).status_code for _ in range(3)]

    assert again == [303, 303, 422]
    assert first != codes_mailed(made)
    assert {one.to for one in to_whom(made)} == {"erika@example.org"}
    assert "/mein-termin/" in client.post(page, {"mail_code": codes_mailed(made)[0]}).headers["Location"]


def test_a_slot_that_went_meanwhile_is_replaced_on_the_same_page() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    page = client.post(details_url(client, made, visit_type, in_days(1, 9)), TYPED).headers["Location"]
    with clock.travelled(timedelta(minutes=40)):
        start = in_days(1, 9)
        book_by_phone(made, visit_type, start)
        gone = client.post(page, {"mail_code": codes_mailed(made)[0]})
        offered = Page(gone).form(with_field="zeit")
        booked = client.post(page, {"zeit": offered.fields["zeit"]})

    assert gone.status_code == 409
    assert "/mein-termin/" in booked.headers["Location"]
    assert [one.last_name for one in people(made)] == ["Muster"]
