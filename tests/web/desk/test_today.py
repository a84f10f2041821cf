"""Today's list at reception: who is where, one click for each step, taken back, filtered, never somebody else's."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from django.test import Client

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.status import mark
from sprechzeit.booking.today import Group, today_of
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import VisitType
from sprechzeit.staff.models import Membership
from tests.booking.booked import events
from tests.factories import Made, at_desk, in_days, make_bookable, make_resource
from tests.web.desk.furnish import appointment_of, booked_at_desk
from tests.web.page import Page

NOON = 12


def at_noon() -> AbstractContextManager[None]:
    """The clock is set to noon of today: before and after it there is time enough in the day."""
    return clock.travelled(in_days(0, NOON) - clock.now())


def of_today(made: Made, visit_type: VisitType, hour: int, minute: int, name: str, *steps: str) -> Appointment:
    appointment = booked_at_desk(made, visit_type, in_days(0, hour, minute), last_name=name)
    with wearing(Role.DESK):
        for step in steps:
            appointment = mark(made.id, made.actor, appointment.id, step, version=appointment.version)
    return appointment


def section(page: str, group: Group) -> str:
    """The part of the page about one group."""
    _, _, rest = page.partition(f'id="g-{group}" ')
    return rest.partition("</section>")[0]


def shown(client: Client, **asked: str) -> str:
    return str(client.get("/desk/heute/", asked).content.decode())


def test_everybody_of_today_stands_in_their_group() -> None:
    made, visit_type = make_bookable(clinicians=6)
    with at_noon():
        of_today(made, visit_type, 13, 0, "Kommt")
        of_today(made, visit_type, 11, 45, "Spaet")
        of_today(made, visit_type, 11, 55, "Puenktlich")
        of_today(made, visit_type, 10, 0, "Wartet", "arrived")
        of_today(made, visit_type, 9, 0, "Drin", "arrived", "in-treatment")
        of_today(made, visit_type, 8, 0, "Weg", "arrived", "done")
        of_today(made, visit_type, 8, 0, "Nie", "no-show")

        page = shown(at_desk(made))

    expected = {
        Group.LATE: ["Spaet"], Group.WAITING: ["Wartet"], Group.TREATED: ["Drin"],
        Group.COMING: ["Puenktlich", "Kommt"], Group.DONE: ["Weg"], Group.NO_SHOW: ["Nie"],
    }  # fmt: skip  # lines grouped by hand
    everybody = [name for names in expected.values() for name in names]
    for group, names in expected.items():
        part = section(page, group)
        assert [name for name in everybody if f"{name}, Erika" in part] == names
    assert page.index("Puenktlich") < page.index("Kommt, Erika")


def test_a_line_tells_birth_year_visit_type_with_whom_waiting_time_and_room() -> None:
    made, visit_type = make_bookable()
    room = make_resource(made, kind="room", name="Raum 7")
    with at_noon():
        waiting = of_today(made, visit_type, 11, 30, "Wartet", "arrived")
        treated = of_today(made, visit_type, 10, 30, "Drin", "arrived")
        client = at_desk(made)
        client.post(f"/desk/termin/{treated.id}/stand/", {"status": "in-treatment", "version": 2, "room": room.id})
        with clock.travelled(timedelta(minutes=35)):
            page = shown(client)

    part = section(page, Group.WAITING)
    assert ("Sprechstunde" in part, "Dr. Test 1" in part, "today__state--long" in part) == (True, True, True)
    assert 'data-minutes-since="' + str(waiting.arrived_at.isoformat())[:16] in part
    assert "Raum 7" in section(page, Group.TREATED)
    assert "Raum 7 (besetzt)" in part


def test_one_click_goes_on_and_back_to_the_list_and_undo_takes_it_back() -> None:
    made, visit_type = make_bookable()
    with at_noon():
        one = of_today(made, visit_type, 13, 0, "Kommt")
        client = at_desk(made)

        answer = client.post(f"/desk/termin/{one.id}/stand/", {"status": "arrived", "version": 1, "zurueck": "heute"})
        page = Page(client.get("/desk/heute/"))
        (undo,) = [form for form in page.forms if "rueckgaengig" in form.action]
        back = undo.send(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/heute/")
    assert (back.status_code, back.headers["Location"]) == (302, "/desk/heute/")
    assert appointment_of(made, one.id).status == "booked"


def test_with_a_script_the_list_is_only_told_to_look_again() -> None:
    made, visit_type = make_bookable()
    with at_noon():
        one = of_today(made, visit_type, 13, 0, "Kommt")
        answer = at_desk(made).post(
            f"/desk/termin/{one.id}/stand/",
            {"status": "arrived", "version": 1, "zurueck": "heute"},
            headers={"HX-Request": "true"},
        )

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "desk:refresh")


def test_only_one_clinicians_patients_are_shown_and_recorded_when_asked_for() -> None:
    made, visit_type = make_bookable(clinicians=2)
    with at_noon():
        first = of_today(made, visit_type, 13, 0, "Eins")
        second = of_today(made, visit_type, 13, 0, "Zwei")
        assert first.resource_ids != second.resource_ids

        page = shown(at_desk(made), bei=str(first.resource_ids[0]))

    assert ("Eins, Erika" in page, "Zwei, Erika" in page) == (True, False)
    (event,) = events(made, "today.view")
    assert event.subjects == [first.patient_id]


def test_who_may_only_read_sees_the_list_without_buttons() -> None:
    made, visit_type = make_bookable()
    with at_noon():
        of_today(made, visit_type, 13, 0, "Kommt")
        with wearing(Role.DESK), acting_for(made.id):
            Membership.objects.filter(practice=made.id).update(role=Membership.Role.READ_ONLY)
        page = shown(at_desk(made))

    assert "Kommt, Erika" in page
    assert 'name="status"' not in page


def test_tomorrow_cancelled_ones_and_other_practices_are_not_on_it() -> None:
    made, visit_type = make_bookable()
    other, other_type = make_bookable()
    with at_noon():
        booked_at_desk(made, visit_type, in_days(1, 9), last_name="Morgen")
        of_today(other, other_type, 13, 0, "Fremd")

        page = shown(at_desk(made))

    assert "Für heute steht nichts im Kalender." in page
    assert events(made, "today.view") == []


def test_what_a_page_has_told_the_trail_of_is_not_told_twice() -> None:
    made, visit_type = make_bookable()
    with at_noon():
        told = of_today(made, visit_type, 13, 0, "Eins")
        new = of_today(made, visit_type, 14, 0, "Zwei")
        with wearing(Role.DESK):
            today_of(made.keys, made.actor, made.practice, recorded={told.patient_id})

    (event,) = events(made, "today.view")
    assert event.subjects == [new.patient_id]
