from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from tests.factories import Made, at_desk, in_days, make_bookable, make_person, make_resource, make_visit_type, type_id
from tests.web.desk.furnish import appointment_of
from tests.web.page import Page


def arrived(made: Made, visit_type: object, hour: int, name: str) -> Appointment:
    with wearing(Role.DESK):
        person = make_person(last_name=name)
        booked = book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(0, hour), person)
        return mark(made.id, made.actor, booked.id, "arrived", version=1)


def test_who_has_arrived_waits_the_longest_first() -> None:
    made, visit_type = make_bookable()
    arrived(made, visit_type, 12, "Zuerst")
    with clock.travelled(timedelta(minutes=1)):
        arrived(made, visit_type, 11, "Danach")

    page = at_desk(made).get("/desk/").content.decode()

    room = page[page.index("im Wartezimmer") : page.index("data-live=")]
    assert "2 im Wartezimmer" in page
    assert room.index("Zuerst") < room.index("Danach")


def test_who_waits_for_half_an_hour_stands_out() -> None:
    made, visit_type = make_bookable()
    with clock.travelled(timedelta(minutes=-31)):
        arrived(made, visit_type, 12, "Geduldig")

    page = at_desk(made).get("/desk/").content.decode()

    assert "waiting__one--long" in page
    assert ">31</b> Min." in page


def test_who_is_called_leaves_the_waiting_room() -> None:
    made, visit_type = make_bookable()
    appointment = arrived(made, visit_type, 12, "Dran")
    client = at_desk(made)

    answer = client.post(
        f"/desk/termin/{appointment.id}/stand/",
        {"status": "in-treatment", "version": appointment.version},
        headers={"HX-Request": "true"},
    )

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "desk:refresh")
    page = client.get("/desk/").content.decode()
    assert "0 im Wartezimmer" in page
    assert "Dran, Erika" in page[page.index("waiting__list--treated") : page.index("data-live=")]


def test_called_in_from_the_strip_the_booked_room_is_taken_and_shown() -> None:
    made, _ = make_bookable()
    room = make_resource(made, kind="room", name="Raum 5")
    appointment = arrived(made, make_visit_type(made, made.clinicians, [room]), 12, "Dran")
    client = at_desk(made)

    Page(client.get("/desk/")).form(with_field="room").send(client, ("status", "in-treatment"))

    page = client.get("/desk/").content.decode()
    assert appointment_of(made, appointment.id).treated_in_id == room.id
    assert "Raum 5" in page[page.index("waiting__list--treated") : page.index("data-live=")]


def test_who_is_done_leaves_the_strip() -> None:
    made, visit_type = make_bookable()
    appointment = arrived(made, visit_type, 12, "Dran")
    client = at_desk(made)
    client.post(f"/desk/termin/{appointment.id}/stand/", {"status": "done", "version": appointment.version})

    assert "im Wartezimmer" not in client.get("/desk/").content.decode()


def test_the_card_offers_the_booked_room_first_and_says_which_are_occupied() -> None:
    made, visit_type = make_bookable()
    room = make_resource(made, kind="room", name="Raum 5")
    first = arrived(made, visit_type, 12, "Drin")
    second = arrived(made, visit_type, 11, "Wartet")
    client = at_desk(made)
    form = Page(client.get(f"/desk/termin/{first.id}/")).form(with_field="room")
    form.send(client, ("status", "in-treatment"), room=str(room.id))

    page = Page(client.get(f"/desk/termin/{second.id}/"))
    treated = Page(client.get(f"/desk/termin/{first.id}/")).form(with_field="room")

    assert "Raum 5 (besetzt)" in page.text
    assert page.form(with_field="room").fields["room"] == ""
    assert treated.fields["room"] == str(room.id)
    assert ("status", "in-treatment") in treated.buttons  # to change the room


def test_another_day_shows_no_waiting_room() -> None:
    made, visit_type = make_bookable()
    arrived(made, visit_type, 12, "Heute")

    tomorrow = in_days(1).date().isoformat()

    assert "im Wartezimmer" not in at_desk(made).get("/desk/", {"tag": tomorrow}).content.decode()
