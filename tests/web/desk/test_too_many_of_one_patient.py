from __future__ import annotations

from tests.booking.booked import book_by_phone
from tests.factories import at_desk, book, in_days, make_bookable, make_person
from tests.web.desk.furnish import url_of

BIRTHDAY = {"birth_date": None, "phone": "+493012345"}


def test_who_has_as_many_as_are_allowed_is_told_when_the_next_one_is_taken_over() -> None:
    made, visit_type = make_bookable(most_open=1, hours=(9, 12))
    book_by_phone(made, visit_type, in_days(1, 9), make_person(**BIRTHDAY))
    booked = book(made, visit_type, in_days(1, 10), **BIRTHDAY)

    text = at_desk(made).get(url_of(booked.appointment_id)).content.decode()

    assert "Hat schon 1 kommenden Termin dieser Art" in text


def test_fewer_ones_or_no_limit_say_nothing() -> None:
    for most in (2, None):
        made, visit_type = make_bookable(most_open=most, hours=(9, 12))
        book_by_phone(made, visit_type, in_days(1, 9), make_person(**BIRTHDAY))
        booked = book(made, visit_type, in_days(1, 10), **BIRTHDAY)

        text = at_desk(made).get(url_of(booked.appointment_id)).content.decode()

        assert "Das ist diese Person" in text
        assert "Hat schon" not in text
