"""Patients tick the second reminder when they book, or ask for it on their appointment's page."""

from __future__ import annotations

from sprechzeit.patients.models import Consent
from tests.booking.booked import rows
from tests.factories import Made, in_days, make_bookable, visitor
from tests.web.front.walk import TYPED, details_url
from tests.web.page import Page

WORDING = "Erinnern Sie mich zusätzlich am Tag selbst."


def purposes(made: Made) -> list[str]:
    return sorted(one.purpose for one in rows(made, Consent, withdrawn_at=None))


def test_it_can_be_ticked_where_it_is_offered() -> None:
    made, visit_type = make_bookable(second_reminder_hours=3)
    client = visitor()
    page = Page(client.get(details_url(client, made, visit_type, in_days(1, 9))))

    page.form(with_field="first_name").send(client, **TYPED, **{"reminder-email": "ja", "reminder-again": "ja"})

    assert WORDING in page.text
    assert purposes(made) == ["reminder-again", "reminder-email"]


def test_it_is_not_there_where_it_is_not_offered() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    page = Page(client.get(details_url(client, made, visit_type, in_days(1, 9))))

    answer = page.form(with_field="first_name").send(client, **TYPED, **{"reminder-email": "ja"})

    assert WORDING not in page.text
    assert WORDING not in Page(client.get(answer.headers["Location"])).text


def test_ticked_alone_the_form_asks_by_which_way_and_keeps_the_tick() -> None:
    made, visit_type = make_bookable(second_reminder_hours=3)
    client = visitor()
    form = Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).form(with_field="first_name")

    answer = form.send(client, **TYPED, **{"reminder-again": "ja"})

    page = Page(answer)
    assert answer.status_code == 422
    assert "auf welchem Weg" in page.text
    assert page.form(with_field="first_name").fields["reminder-again"] == "ja"
    assert purposes(made) == []


def test_the_appointments_page_offers_it_to_who_is_reminded_and_has_not_asked_yet() -> None:
    made, visit_type = make_bookable(second_reminder_hours=3)
    client = visitor()
    form = Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).form(with_field="first_name")
    url = form.send(client, **TYPED, **{"reminder-email": "ja"}).headers["Location"]

    (asked,) = [one for one in Page(client.get(url)).forms if one.fields.get("purpose") == "reminder-again"]
    asked.send(client, ("step", "give"))

    assert purposes(made) == ["reminder-again", "reminder-email"]
    page = Page(client.get(url)).text
    assert WORDING in page
    assert "Das möchte ich" not in page


def test_who_is_not_reminded_at_all_is_not_offered_a_second_reminder() -> None:
    made, visit_type = make_bookable(second_reminder_hours=3)
    client = visitor()
    form = Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).form(with_field="first_name")
    url = form.send(client, **TYPED, **{"recall": "ja"}).headers["Location"]

    assert "Das möchte ich" not in Page(client.get(url)).text
