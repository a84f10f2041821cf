"""A patient confirms by the manage link; the desk sees it, and a move takes it away."""

from __future__ import annotations

import pytest

from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.coming import will_come
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.errors import NotBookable
from sprechzeit.booking.live import ANYTHING, hub
from sprechzeit.booking.manage import find_managed
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_managed
from sprechzeit.vault import link_to_text
from tests.booking.booked import book_online, events, rows
from tests.factories import Made, at_desk, in_days, make_bookable, visitor

WORDS = "kommt: hat es selbst bestätigt"


def path(made: Made, booking: Booked) -> str:
    return f"/praxis/{made.practice.slug}/mein-termin/{link_to_text(booking.manage_secret)}/"


def day(made: Made) -> str:
    return at_desk(made).get(f"/desk/?tag={in_days(1):%Y-%m-%d}").content.decode()


def test_a_press_on_the_button_is_marked_in_the_day() -> None:
    made, visit_type = make_bookable()
    booking = book_online(made, visit_type, in_days(1, 9))
    assert "Ich komme" in visitor().get(path(made, booking)).content.decode()
    assert WORDS not in day(made)

    answer = visitor().post(path(made, booking) + "ich-komme/", follow=True)

    assert answer.redirect_chain
    assert "Sie haben bestätigt, dass Sie kommen" in answer.content.decode()
    assert WORDS in day(made)


def test_open_desks_are_told_at_once() -> None:
    made, visit_type = make_bookable()
    booking = book_online(made, visit_type, in_days(1, 9))
    with hub.subscribed(made.id) as changes:
        assert hub.is_listening.wait(10)
        will_come(made.id, booking.manage_secret)
        found = changes.get(timeout=10)
        while found == ANYTHING:
            found = changes.get(timeout=10)

    assert found.start == in_days(1, 9)


def test_said_twice_it_counts_once_and_disturbs_nobody_at_the_desk() -> None:
    made, visit_type = make_bookable()
    booking = book_online(made, visit_type, in_days(1, 9))

    for _ in range(2):
        will_come(made.id, booking.manage_secret)

    assert len(events(made, "appointment.coming")) == 1
    assert rows(made, Appointment)[0].version == 1


def test_opening_the_link_confirms_nothing() -> None:
    made, visit_type = make_bookable()
    booking = book_online(made, visit_type, in_days(1, 9))

    visitor().get(path(made, booking) + "ich-komme/")

    assert not find_managed(made.id, booking.manage_secret).is_coming


def test_another_time_has_not_been_confirmed() -> None:
    made, visit_type = make_bookable()
    booking = book_online(made, visit_type, in_days(1, 9))
    will_come(made.id, booking.manage_secret)

    move_managed(made.id, booking.manage_secret, in_days(1, 10))

    assert not find_managed(made.id, booking.manage_secret).is_coming


def test_what_is_cancelled_or_only_asked_for_cannot_be_confirmed() -> None:
    made, visit_type = make_bookable(needs_confirmation=True)
    asked = book_online(made, visit_type, in_days(1, 9))
    with pytest.raises(NotBookable):
        will_come(made.id, asked.manage_secret)

    cancel_managed(made.id, asked.manage_secret)
    answer = visitor().post(path(made, asked) + "ich-komme/")

    assert answer.status_code in {409, 422}
    assert not find_managed(made.id, asked.manage_secret).is_coming
