from __future__ import annotations

from datetime import date, timedelta

from django.utils.html import escape

from sprechzeit import clock
from sprechzeit.practices.models import Location, Practice
from tests.booking.booked import book_by_phone, rows
from tests.factories import at, at_desk, make_practice, make_visit_type
from tests.timetable.calendar import open_weekly, weekly
from tests.web.desk.settings_of import BASE, agreement, send
from tests.web.page import Page

PLACE = {"street": "Ringstraße 1", "postal_code": "80331", "city": "München"}


def test_name_address_and_the_rest_are_saved_and_said() -> None:
    made = make_practice()
    client = at_desk(made)

    answer = send(client, "praxis/", "subdivision", name="Praxis am Ring", phone="089 1", listed=None, **PLACE)

    row = Practice.objects.get(id=made.id)
    assert (row.name, row.street, row.city, row.phone, row.listed) == (
        "Praxis am Ring", "Ringstraße 1", "München", "089 1", False,
    )  # fmt: skip  # lines grouped by hand
    assert "Gespeichert." in client.get(answer.headers["Location"]).content.decode()


def test_the_purpose_of_the_birth_date_decides_whether_patients_are_asked() -> None:
    made = make_practice()
    client = at_desk(made)

    send(client, "praxis/", "subdivision", birth_date_purpose="Damit es keine Verwechslung gibt.")
    asked = Practice.objects.get(id=made.id).birth_date_purpose
    send(client, "praxis/", "subdivision", birth_date_purpose="")

    assert asked == "Damit es keine Verwechslung gibt."
    assert Practice.objects.get(id=made.id).birth_date_purpose == ""


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept() -> None:
    made = make_practice()
    client = at_desk(made)

    answer = send(client, "praxis/", "subdivision", name="", city="x" * 81, phone="<b>089</b>", subdivision="XX")

    page = Page(answer)
    assert page.status == 422
    assert set(page.errors) == {"name", "city", "subdivision"}
    assert page.form(with_field="phone").fields["phone"] == "<b>089</b>"
    assert escape("<b>089</b>") in answer.content.decode()
    assert Practice.objects.get(id=made.id).name == made.practice.name


def test_appointments_on_a_new_holiday_are_shown_before_the_state_is_changed() -> None:
    today = clock.now().date()
    womens_day = next(
        date(year, 3, 8) for year in range(today.year, today.year + 9)
        if date(year, 3, 8) > today and date(year, 3, 8).weekday() < 5
    )  # fmt: skip  # lines grouped by hand
    made = make_practice(subdivision="BY")
    with clock.travelled(timedelta(days=(womens_day - today).days - 3)):
        visit_type = make_visit_type(made)
        open_weekly(made, weekly(womens_day.weekday(), 8, 18))
        book_by_phone(made, visit_type, at(womens_day, 9))
        client = at_desk(made)

        answer = send(client, "praxis/", "subdivision", subdivision="BE")
        unchanged = Practice.objects.get(id=made.id).subdivision
        send(client, "praxis/", "subdivision", subdivision="BE", agreed=agreement(answer))

    assert answer.status_code == 409
    assert "1 Termin läge dann außerhalb der Sprechzeiten" in answer.content.decode()
    assert "Muster, Erika" in answer.content.decode()
    assert unchanged == "BY"
    assert Practice.objects.get(id=made.id).subdivision == "BE"


def test_a_location_is_added_and_changed() -> None:
    made = make_practice()
    client = at_desk(made)

    send(client, "standorte/neu/", "city", name="Zweigstelle", **PLACE)
    (branch,) = [one for one in rows(made, Location) if one.name == "Zweigstelle"]
    send(client, f"standorte/{branch.id}/", "city", name="Am Ring")

    assert "Am Ring" in client.get(BASE + "standorte/").content.decode()
    (branch,) = [one for one in rows(made, Location) if one.id == branch.id]
    assert (branch.name, branch.city) == ("Am Ring", "München")


def test_a_location_without_a_name_is_not_added() -> None:
    made = make_practice()

    page = Page(send(at_desk(made), "standorte/neu/", "city", name="  ", **PLACE))

    assert (page.status, set(page.errors)) == (422, {"name"})
    assert page.form(with_field="city").fields["city"] == "München"
    assert len(rows(made, Location)) == 1
