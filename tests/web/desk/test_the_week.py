from __future__ import annotations

import re

from sprechzeit.audit.models import Event
from sprechzeit.booking.move import move_appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from tests.factories import at_desk, book, in_days, make_bookable, make_practice


def test_it_shows_one_resources_days_with_names_opened_and_records_it_once() -> None:
    made, visit_type = make_bookable(clinicians=1, days=3)
    booked = book(made, visit_type, in_days(1, 9), last_name="Wochenlang")
    day = in_days(1).date()

    page = at_desk(made).get("/desk/woche/", {"tag": day.isoformat()}).content.decode()

    assert "Wochenlang" in page
    assert f"/desk/termin/{booked.appointment_id}/" in page
    assert 5 <= len(re.findall(r'class="day__name"', page)) <= 7
    with wearing(Role.DESK), acting_for(made.id):
        events = list(Event.objects.filter(practice=made.id, action="week.view"))
    assert [len(event.subjects) for event in events] == [1]


def test_another_resources_appointments_are_not_in_it() -> None:
    made, visit_type = make_bookable(clinicians=2)
    booked = book(made, visit_type, in_days(1, 9), last_name="Anderswo")
    with wearing(Role.DESK):
        move_appointment(
            made.id, made.actor, booked.appointment_id, in_days(1, 10), version=1, resource=made.clinicians[1].id
        )

    first = {"tag": in_days(1).date().isoformat(), "bei": made.clinicians[0].id}
    page = at_desk(made).get("/desk/woche/", first).content.decode()

    assert "Anderswo" not in page


def test_the_weekend_is_there_when_something_is_on() -> None:
    made, visit_type = make_bookable(clinicians=1, days=8)
    saturday = next(offset for offset in range(1, 8) if in_days(offset).weekday() == 5)
    book(made, visit_type, in_days(saturday, 9))

    page = at_desk(made).get("/desk/woche/", {"tag": in_days(saturday).date().isoformat()}).content.decode()

    assert len(re.findall(r'class="day__name"', page)) >= 6


def test_nonsense_shows_this_week_and_an_empty_practice_says_so() -> None:
    made, _ = make_bookable()

    assert at_desk(made).get("/desk/woche/", {"tag": "übermorgen", "bei": "9" * 30}).status_code == 200
    empty = make_practice(clinicians=0)
    answer = at_desk(empty).get("/desk/woche/")
    assert answer.status_code == 404
    assert "noch niemanden" in answer.content.decode()


def test_several_stand_side_by_side_on_each_day_under_its_head() -> None:
    made, visit_type = make_bookable(clinicians=3, days=1)
    first, second, third = made.clinicians
    book(made, visit_type, in_days(1, 9), last_name="Wochenlang")

    asked = {"tag": in_days(1).date().isoformat(), "bei": f"{first.id},{second.id}"}
    page = at_desk(made).get("/desk/woche/", asked).content.decode()

    groups = re.findall(r'<h2 class="day__group span-2">', page)
    assert 5 <= len(groups) <= 7
    assert len(re.findall(r'<h3 class="day__name day__name--below">', page)) == 2 * len(groups)
    labels = re.findall(r'role="group" aria-label="([^"]*)"', page)
    assert [one.rsplit(", ", 1)[1] for one in labels] == [first.name, second.name] * len(groups)
    assert third.name not in labels[-1]


def test_at_most_six_stand_side_by_side() -> None:
    made, _ = make_bookable(clinicians=8, days=1)

    page = at_desk(made).get("/desk/woche/", {"bei": "alle"}).content.decode()

    assert 'class="day__group span-6"' in page
    assert "Bis zu 6 Spalten" in page


def test_the_last_change_can_be_taken_back_here_too() -> None:
    made, visit_type = make_bookable(days=3)
    booked = book(made, visit_type, in_days(1, 9))
    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, booked.appointment_id, in_days(1, 10), version=1)

    page = at_desk(made).get("/desk/woche/", {"tag": in_days(1).date().isoformat()}).content.decode()

    assert "Termin verschoben." in page
    assert re.search(r'action="/desk/rueckgaengig/[0-9a-f-]+/"', page)


def test_it_follows_live_through_all_its_days() -> None:
    made, _ = make_bookable()

    page = at_desk(made).get("/desk/woche/", {"tag": "2026-11-25"}).content.decode()

    assert 'data-from="2026-11-23" data-until="2026-11-30"' in page
    assert "js/desk-live" in page
