from __future__ import annotations

from datetime import time

import pytest

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice, VisitType
from tests.booking.booked import events
from tests.factories import Made, at_desk, make_bookable, make_practice
from tests.web.desk.settings_of import BASE, send
from tests.web.page import Page

TYPED = {
    "reminder_hours": "3, 48",
    "follow_up_hours": "2",
    "follow_up_de": "Bitte viel trinken.",
    "follow_up_en": "Please drink a lot.",
}


def stored(made: Made) -> VisitType:
    with wearing(Role.DESK), acting_for(made.id):
        return VisitType.objects.get(practice=made.id)


def test_times_and_text_are_saved_shown_again_and_in_the_trail() -> None:
    made, visit_type = make_bookable()
    path = f"terminarten/{visit_type.id}/nachrichten/"

    answer = send(at_desk(made), path, "reminder_hours", **TYPED)

    row = stored(made)
    assert answer.status_code == 302
    assert (row.reminder_hours, row.follow_up_hours) == ([48, 3], 2)
    assert (row.follow_up_de, row.follow_up_en) == ("Bitte viel trinken.", "Please drink a lot.")
    assert 'value="48, 3"' in at_desk(made).get(BASE + path).content.decode()
    (event,) = events(made, "visit-type.change")
    assert event.details["fields"] == ["follow_up_de", "follow_up_en", "follow_up_hours", "reminder_hours"]


def test_no_times_remind_nobody() -> None:
    made, visit_type = make_bookable()

    at_desk(made).post(f"{BASE}terminarten/{visit_type.id}/nachrichten/", {"reminder_hours": ""})

    assert (stored(made).reminder_hours, stored(made).follow_up_hours) == ([], None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reminder_hours", "72, 48, 24, 3"),
        ("reminder_hours", "48, 48"),
        ("reminder_hours", "0"),
        ("reminder_hours", "337"),
        ("reminder_hours", "zwei"),
        ("reminder_hours", "99999999999999999999"),
        ("follow_up_hours", "337"),
        ("follow_up_hours", "-1"),
        ("recall_months", "0"),
        ("recall_months", "121"),
        ("recall_months", "halb"),
        ("second_reminder_hours", "0"),
        ("second_reminder_hours", "13"),
        ("second_reminder_hours", "drei"),
        ("follow_up_de", ""),
        ("follow_up_de", "x" * 1001),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(field: str, value: str) -> None:
    made, visit_type = make_bookable()

    answer = at_desk(made).post(f"{BASE}terminarten/{visit_type.id}/nachrichten/", {**TYPED, field: value})

    page = Page(answer)
    assert (page.status, set(page.errors)) == (422, {field})
    assert stored(made).follow_up_hours is None


def test_quiet_hours_are_the_practices() -> None:
    made = make_practice()

    answer = send(at_desk(made), "praxis/", "name", quiet_from="20:00", quiet_until="08:30")

    row = Practice.objects.get(id=made.id)
    assert answer.status_code == 302
    assert (row.quiet_from, row.quiet_until) == (time(20), time(8, 30))


@pytest.mark.parametrize("ends", ["20:45", "noon"])
def test_quiet_hours_leave_enough_of_the_day(ends: str) -> None:
    made = make_practice()

    page = Page(send(at_desk(made), "praxis/", "name", quiet_until=ends))

    assert (page.status, set(page.errors)) == (422, {"quiet_until"})
    assert Practice.objects.get(id=made.id).quiet_until == time(7)


def test_the_months_to_the_next_check_up_are_saved_and_taken_back() -> None:
    made, visit_type = make_bookable()
    path = f"terminarten/{visit_type.id}/nachrichten/"

    send(at_desk(made), path, "recall_months", recall_months="6")
    assert stored(made).recall_months == 6
    assert 'value="6"' in at_desk(made).get(BASE + path).content.decode()

    send(at_desk(made), path, "recall_months", recall_months="")
    assert stored(made).recall_months is None


def test_the_second_reminder_is_offered_and_taken_back() -> None:
    made, visit_type = make_bookable()
    path = f"terminarten/{visit_type.id}/nachrichten/"

    send(at_desk(made), path, "second_reminder_hours", second_reminder_hours="3")
    assert stored(made).second_reminder_hours == 3
    assert 'value="3"' in at_desk(made).get(BASE + path).content.decode()

    send(at_desk(made), path, "second_reminder_hours", second_reminder_hours="")
    assert stored(made).second_reminder_hours is None


def test_a_note_on_prepayment_is_saved_with_the_visit_type_and_needs_its_german() -> None:
    made, visit_type = make_bookable()
    path, needs = f"terminarten/{visit_type.id}/", {"need-1": [str(made.clinicians[0].id)]}
    note = {"prepayment_de": "40 € vorab.", "prepayment_en": "€40 beforehand.", "prepayment_by_mail": "1"}

    send(at_desk(made), path, "name_de", **note, **needs)
    row = stored(made)
    refused = Page(send(at_desk(made), path, "name_de", **{**note, "prepayment_de": ""}, **needs))

    assert (row.prepayment_de, row.prepayment_en, row.prepayment_by_mail) == ("40 € vorab.", "€40 beforehand.", True)
    assert (refused.status, set(refused.errors)) == (422, {"prepayment_de"})
    assert stored(made) == row
