"""How one meets stands on the appointment's page and on the desk's card; the link only when it is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.vault import link_to_text
from tests.booking.booked import rows
from tests.factories import Made, at_desk, book, in_days, make_bookable, visitor
from tests.web.page import Page

LINK = "https://video.example.org/raum/7"


def by_video(**fields: object) -> tuple[Made, str]:
    made, visit_type = make_bookable(**{"modality": "video", "video_link": LINK, **fields})
    booked = book(made, visit_type, in_days(1, 9), phone="+49301234567")
    return made, f"/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/"


@pytest.mark.parametrize(
    ("minutes", "is_there"), [(-16, False), (-15, True), (0, True), (29, True)], ids=["before", "due", "begins", "ends"]
)
def test_the_link_is_there_from_a_quarter_before_until_the_end(minutes: int, is_there: bool) -> None:
    made, url = by_video()
    (row,) = rows(made, Appointment)

    with clock.travelled(in_days(1, 9) - clock.now() + timedelta(minutes=minutes, seconds=5)):
        page, html = Page(visitor().get(url)), visitor().get(url).content.decode()
        card = Page(at_desk(made).get(f"/desk/termin/{row.id}/"))

    assert (LINK in page.links) is is_there
    assert (LINK in card.links) is is_there
    assert ('rel="noopener noreferrer"' in html) is is_there
    assert (LINK in html) is is_there


def test_before_that_both_say_when() -> None:
    made, url = by_video()
    (row,) = rows(made, Appointment)

    assert "08:45 Uhr" in Page(visitor().get(url)).text
    assert "Der Link steht hier ab 08:45 Uhr." in Page(at_desk(made).get(f"/desk/termin/{row.id}/")).text


def test_a_cancelled_one_and_a_request_show_no_link() -> None:
    _made, url = by_video(change_until_minutes=0)
    _asked, request_url = by_video(needs_confirmation=True)

    with clock.travelled(in_days(1, 9) - clock.now() - timedelta(minutes=5)):
        visitor().post(url + "absagen/")
        cancelled, waiting = Page(visitor().get(url)), Page(visitor().get(request_url))

    assert LINK not in cancelled.links
    assert LINK not in waiting.links
    assert "sobald die Praxis den Termin bestätigt hat" in waiting.text


def test_by_telephone_the_practice_calls() -> None:
    made, url = by_video(modality="phone", video_link="")
    (row,) = rows(made, Appointment)

    assert "Die Praxis ruft Sie zur vereinbarten Zeit an." in Page(visitor().get(url)).text
    assert "am Telefon" in Page(at_desk(made).get(f"/desk/termin/{row.id}/")).text


def test_the_practices_page_says_how_one_meets() -> None:
    made, _url = by_video()

    assert "per Video" in Page(visitor().get(f"/praxis/{made.practice.slug}/")).text


def test_in_the_practice_nothing_is_said_of_it() -> None:
    made, url = by_video(modality="in-person", video_link="")
    (row,) = rows(made, Appointment)

    assert "Videosprechstunde" not in Page(visitor().get(url)).text
    assert "in der Praxis" not in Page(at_desk(made).get(f"/desk/termin/{row.id}/")).text
