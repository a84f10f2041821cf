from __future__ import annotations

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Lane, Location, Resource
from tests.booking.booked import book_by_phone, rows
from tests.factories import at_desk, in_days, make_bookable, make_practice, make_resource, make_visit_type
from tests.web.desk.settings_of import BASE, agreement, send
from tests.web.page import Page


def test_a_clinician_is_added_to_her_kind() -> None:
    made = make_practice(clinicians=0)
    client = at_desk(made)

    send(
        client, "kalender/neu/?art=clinician", "capacity",
        name="Dr. Neu", specialty="Innere Medizin", location_id=str(made.location.id),
    )  # fmt: skip  # lines grouped by hand

    (row,) = rows(made, Resource)
    assert (row.kind, row.name, row.specialty, row.capacity) == ("clinician", "Dr. Neu", "Innere Medizin", 1)
    assert [lane.overbooking for lane in rows(made, Lane)] == [False, True]
    assert "Dr. Neu" in client.get(BASE + "kalender/").content.decode()


def test_without_a_location_one_is_asked_for_first() -> None:
    made = make_practice(clinicians=0)
    with wearing(Role.OWNER), acting_for(made.id):
        Location.objects.filter(practice=made.id).delete()

    answer = at_desk(made).get(BASE + "kalender/neu/")

    assert answer.headers["Location"].endswith("/standorte/neu/")


def test_bad_numbers_are_told_at_the_field() -> None:
    made = make_practice()

    for capacity in ("0", "100", "-1", "zwei", "", "1" * 30):
        page = Page(send(at_desk(made), f"kalender/{made.clinicians[0].id}/", "capacity", capacity=capacity))
        assert (page.status, set(page.errors)) == (422, {"capacity"})
        assert page.form(with_field="capacity").fields["capacity"] == capacity


def test_fewer_places_than_people_come_is_refused_with_the_list() -> None:
    made = make_practice(clinicians=0)
    lab = make_resource(made, kind="room", name="Labor", capacity=2)
    visit_type = make_visit_type(made, [lab])
    for _ in range(2):
        book_by_phone(made, visit_type, in_days(1, 9))

    answer = send(at_desk(made), f"kalender/{lab.id}/", "capacity", capacity="1")

    assert answer.status_code == 409
    assert "1 Termin steht noch auf diesen Plätzen" in answer.content.decode()
    assert "Muster, Erika" in answer.content.decode()
    assert [lane.overbooking for lane in rows(made, Lane)].count(False) == 2


def test_up_and_down_change_the_order_of_the_page() -> None:
    made = make_practice(clinicians=2)
    client = at_desk(made)

    client.post(f"{BASE}kalender/{made.clinicians[1].id}/reihenfolge/", {"richtung": "auf"})

    text = client.get(BASE + "kalender/").content.decode()
    assert text.index("Dr. Test 2") < text.index("Dr. Test 1")


def test_retiring_shows_who_is_left_behind_and_asks() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    url = f"{BASE}kalender/{made.clinicians[0].id}/"

    question = client.get(url + "stilllegen/")
    unasked = client.post(url + "stilllegen/")
    (before,) = rows(made, Resource)
    client.post(url + "stilllegen/", {"agreed": agreement(question)})
    (retired,) = rows(made, Resource)
    client.post(url + "zurueckholen/")
    (back,) = rows(made, Resource)

    assert "1 kommender Termin bleibt stehen" in question.content.decode()
    assert "Muster, Erika" in question.content.decode()
    assert unasked.status_code == 409
    assert [one.retired_at is None for one in (before, retired, back)] == [True, False, True]
