"""Who comes from an appointment's page to book another is warned when the two are too near."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.web.front.nearby import Visit, clash_said, visit_said
from tests.factories import in_days, make_bookable, visitor
from tests.web.front.walk import TYPED, book, hold, times_url
from tests.web.page import Page

WARNED = ("Zu dieser Zeit haben Sie schon einen Termin", "Das liegt dicht an Ihrem anderen Termin")


def test_the_link_carries_a_time_and_nothing_else_and_goes_along_to_the_form() -> None:
    made, visit_type = make_bookable(clinicians=2)
    client = visitor()
    url = book(client, made, visit_type, in_days(1, 9))
    (another,) = [one for one in Page(client.get(url)).links if "nach=" in one]

    practice = Page(client.get(another))
    (to_times,) = [one for one in practice.links if "/termin/" in one]
    times = Page(client.get(to_times))
    held = times.form(with_field="zeit").send(client, ("zeit", in_days(1, 9).isoformat()))
    details = Page(client.get(held.headers["Location"]))
    wrong = Page(details.form(with_field="first_name").send(client, first_name=""))

    assert parse_qs(urlsplit(another).query).keys() == {"nach"}
    assert "Sie haben hier schon einen Termin" in times.text
    for page in (details, wrong):
        assert WARNED[0] in page.text
        assert "Ohne Konto kennt diese Seite nur den Termin, von dem Sie kommen." in page.text
    booked = details.form(with_field="first_name").send(client, **TYPED)
    assert booked.status_code == 303  # a warning, no ban


@pytest.mark.parametrize(("hour", "minute", "warned"), [(9, 0, 0), (9, 30, 1), (10, 0, None), (10, 30, None)], ids=str)
def test_less_than_half_an_hour_between_is_too_near(hour: int, minute: int, warned: int | None) -> None:
    made, visit_type = make_bookable(clinicians=2)
    client = visitor()
    visit = Visit(in_days(1, 9), in_days(1, 9, 30))

    held = hold(client, made, visit_type, in_days(1, hour, minute), **visit.said)
    text = Page(client.get(held.headers["Location"])).text

    assert [one for one in WARNED if one in text] == ([] if warned is None else [WARNED[warned]])


def test_the_questions_before_lose_nothing_of_it() -> None:
    made, visit_type = make_bookable(open_to="new")
    client = visitor()
    visit = Visit(in_days(1, 9), in_days(1, 9, 30))

    asked = client.get(f"{times_url(made, visit_type)}?{visit.query}")
    page = client.get(asked.headers["Location"])
    on = client.post(asked.headers["Location"], {"wer": "neu"})

    assert page.status_code == 200
    assert visit.query in asked.headers["Location"]
    assert visit.query in on.headers["Location"]


@given(text=st.text(max_size=60))
def test_whatever_stands_there_is_survived(text: str) -> None:
    found = visit_said({"nach": text})

    assert found is None or timedelta() < found.ends_at - found.starts_at <= timedelta(days=1)


def test_what_is_said_is_read_back() -> None:
    visit = Visit(in_days(1, 9), in_days(1, 9, 20))

    assert visit_said(visit.said) == visit
    assert visit_said({"nach": f"{visit.text.split('/')[1]}/{visit.text.split('/')[0]}"}) is None
    assert clash_said({}, visit.starts_at, visit.ends_at) is None
