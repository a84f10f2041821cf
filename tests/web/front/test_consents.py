"""What a patient is asked to agree to: never preset, never required, stored as shown, withdrawn as easily as given."""

from __future__ import annotations

import pytest

from sprechzeit.patients.models import Consent
from tests.booking.booked import rows
from tests.factories import in_days, make_bookable, visitor
from tests.web.front.walk import TYPED, details_url
from tests.web.page import Page

PURPOSES = ("reminder-email", "reminder-sms", "recall")


def test_the_boxes_are_there_unticked_and_nobody_needs_them() -> None:
    made, visit_type = make_bookable()
    client = visitor()

    form = Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).form(with_field="first_name")
    answer = form.send(client, **TYPED)

    assert all(form.choices[one] == ["ja"] for one in PURPOSES)
    assert not set(PURPOSES) & form.fields.keys()
    assert answer.status_code == 303
    assert rows(made, Consent) == []
    assert "Womit Sie einverstanden sind" not in Page(client.get(answer.headers["Location"])).text


@pytest.mark.parametrize(
    ("prefix", "wording"),
    [("", "Erinnern Sie mich per E-Mail an meine Termine."), ("/en", "Remind me of my appointments by email.")],
)
def test_what_was_shown_is_what_is_stored(prefix: str, wording: str) -> None:
    made, visit_type = make_bookable()
    client = visitor()
    url = details_url(client, made, visit_type, in_days(1, 9))
    page = Page(client.get(prefix + url))

    page.form(with_field="first_name").send(client, **TYPED, **{"reminder-email": "ja"})

    (consent,) = rows(made, Consent)
    assert wording in page.text
    assert (consent.purpose, consent.wording, consent.source) == ("reminder-email", wording, "front")


def test_a_reminder_without_an_address_is_told_at_its_field_and_the_ticks_stay() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    form = Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).form(with_field="first_name")

    answer = form.send(client, **TYPED, **{"reminder-sms": "ja", "recall": "ja"})

    page = Page(answer)
    fields = page.form(with_field="first_name").fields
    assert answer.status_code == 422
    assert list(page.errors) == ["phone"]
    assert (fields["reminder-sms"], fields["recall"], fields["last_name"]) == ("ja", "ja", "Muster")
    assert "reminder-email" not in fields
    assert rows(made, Consent) == []


def test_the_appointments_page_shows_it_withdraws_it_and_gives_it_again() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    form = Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).form(with_field="first_name")
    url = form.send(client, **TYPED, recall="ja").headers["Location"].partition("?")[0]

    page = Page(client.get(url))
    back = page.form(with_field="purpose").send(client, ("step", "withdraw"))
    withdrawn = Page(client.get(url))
    withdrawn.form(with_field="purpose").send(client, ("step", "give"))

    assert "Laden Sie mich zu Kontrollen" in page.text
    assert back.status_code == 303
    assert "Zurückgenommen am" in withdrawn.text
    assert [one.withdrawn_at is None for one in sorted(rows(made, Consent), key=lambda one: one.given_at)] == [
        False, True
    ]  # fmt: skip  # lines grouped by hand
    assert "Wieder zustimmen" not in Page(client.get(url)).text


def test_a_purpose_that_is_none_changes_nothing() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    form = Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).form(with_field="first_name")
    url = form.send(client, **TYPED, recall="ja").headers["Location"].partition("?")[0]

    answer = client.post(url + "einwilligung/", {"purpose": "newsletter", "step": "give"})

    assert answer.status_code == 422
    assert [one.purpose for one in rows(made, Consent)] == ["recall"]
