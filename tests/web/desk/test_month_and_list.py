from __future__ import annotations

import re

import pytest

from sprechzeit.audit.models import Event
from sprechzeit.booking.note import write_note
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from tests.booking.booked import book_by_phone, events
from tests.factories import BERLIN, Made, at_desk, in_days, make_bookable, make_person, make_visit_type
from tests.timetable.calendar import except_in


def day(offset: int) -> str:
    return in_days(offset).astimezone(BERLIN).date().isoformat()


def month(made: Made, **asked: str) -> str:
    return at_desk(made).get("/desk/monat/", asked).content.decode()


def agenda(made: Made, **asked: str) -> str:
    return at_desk(made).get("/desk/liste/", {"tag": day(1), **asked}).content.decode()


def field(page: str, of_day: str) -> str:
    """What stands in a day's field of the month."""
    return page.split(f'href="/desk/?tag={of_day}"', 1)[1].split("</td>")[0] if f"tag={of_day}" in page else ""


def test_the_month_shows_how_full_each_day_is_and_leads_to_it() -> None:
    made, visit_type = make_bookable(hours=(9, 12))
    for hour in (9, 10):
        book_by_phone(made, visit_type, in_days(1, hour), make_person(last_name="Niemals"))

    page = month(made, tag=day(1))

    shown = field(page.split('<table class="month">')[1], day(1))
    assert "2 Termine" in shown
    assert "2 h frei" in shown
    assert "fill-7" in shown  # a third, in steps of five percent
    assert "Niemals" not in page


def test_the_month_opens_no_names_and_leaves_no_event() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    with wearing(Role.DESK), acting_for(made.id):
        before = Event.objects.filter(practice=made.id).count()

    client.get("/desk/monat/")

    with wearing(Role.DESK), acting_for(made.id):
        assert Event.objects.filter(practice=made.id).count() == before


def test_holidays_and_closures_are_named() -> None:
    made, _ = make_bookable()
    except_in(made, "closure", in_days(1, 0), in_days(2, 0), label="Betriebsausflug")

    assert "Betriebsausflug" in field(month(made, tag=day(1)).split('<table class="month">')[1], day(1))
    assert "1. Weihnachtstag" in month(made, tag="2026-12-01") or "Erster Weihnachtstag" in month(
        made, tag="2026-12-01"
    )


def test_the_month_can_be_of_some_only_and_is_kept_in_its_links() -> None:
    made, _ = make_bookable(clinicians=2, hours=(9, 10))
    second = made.clinicians[1]
    book_by_phone(made, make_visit_type(made, made.clinicians[:1]), in_days(1, 9))

    page = month(made, tag=day(1), bei=str(second.id))

    table = page.split('<table class="month">')[1]
    shown = table.split(f'href="/desk/?tag={day(1)}&amp;spalten={second.id}"')[1].split("</td>")[0]
    assert "0 Termine" in shown
    assert f"bei={second.id}" in re.findall(r'href="([^"]*)" title="Nächster Monat"', page)[0]


@pytest.mark.parametrize("tag", ["2026-02-30", "x", "1999-01-01", "2100-12-31", "2026-12-31"])
def test_any_month_that_is_asked_for_answers(tag: str) -> None:
    made, _ = make_bookable()

    for page in ("monat", "liste", "woche"):
        assert at_desk(made).get(f"/desk/{page}/", {"tag": tag}).status_code == 200


def test_the_list_tells_who_comes_when_for_how_long_and_to_whom() -> None:
    made, visit_type = make_bookable()
    person = make_person(last_name="Liste", first_name="Lotte")
    booked = book_by_phone(made, visit_type, in_days(1, 9), person)
    with wearing(Role.DESK):
        write_note(made.keys, made.actor, booked.id, "Rollstuhl", seen="")

    page = agenda(made)

    row = (
        page.split(f'id="t-{booked.id}"')[0].rsplit("<tr", 1)[1]
        + page.split(f'id="t-{booked.id}"')[1].split("</tr>")[0]
    )
    for text in ("09:00", "30 Min.", "Liste, Lotte", "Sprechstunde", "Dr. Test 1", "gebucht", "Rollstuhl"):
        assert text in row
    assert [event.subjects for event in events(made, "agenda.view")] == [[booked.patient_id]]


def test_a_day_without_appointments_says_so() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))

    page = agenda(made, tage="2")

    assert page.count("agenda__day") == 2
    assert page.count("Keine Termine.") == 1


@pytest.mark.parametrize(("asked", "shown"), [("0", 1), ("-3", 1), ("x", 1), ("5", 5), ("14", 14), ("99", 14)])
def test_the_list_is_of_one_to_fourteen_days(asked: str, shown: int) -> None:
    made, _ = make_bookable()

    assert agenda(made, tage=asked).count('class="agenda__day"') == shown


def test_the_list_of_one_clinician_names_only_their_patients() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = (make_visit_type(made, [one]) for one in made.clinicians)
    book_by_phone(made, first, in_days(1, 9), make_person(last_name="Anders"))
    book_by_phone(made, second, in_days(1, 9), make_person(last_name="Gefragt"))

    page = agenda(made, bei=str(made.clinicians[1].id))

    assert "Gefragt" in page
    assert "Anders" not in page
