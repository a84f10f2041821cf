"""Reception squeezes somebody in, and takes somebody who comes without an appointment; a time is blocked by drawing."""

from __future__ import annotations

from playwright.sync_api import expect

from sprechzeit.booking.models import Appointment, Block
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.furnishing.lanes import set_lanes
from sprechzeit.practices.models import VisitType
from tests.booking.booked import rows
from tests.factories import Made, in_days, make_bookable
from tests.journeys.conftest import OpenPage
from tests.journeys.test_moving_on_the_grid import open_tomorrow
from tests.web.desk.furnish import booked_at_desk


def with_room() -> tuple[Made, VisitType]:
    made, visit_type = make_bookable(clinicians=1, hours=(9, 12), days=1)
    with wearing(Role.DESK), acting_for(made.id):
        set_lanes(made.id, made.clinicians[0], 1, overbooking=True)
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Zuerst", first_name="Zora")
    booked_at_desk(made, visit_type, in_days(1, 11), last_name="Bekannt", first_name="Berta")
    return made, visit_type


def test_an_emergency_is_squeezed_in_beside_a_taken_time(site: str, open_page: OpenPage) -> None:
    made, _ = with_room()
    page = open_page()
    open_tomorrow(page, site, made)
    page.goto(f"{site}/desk/neu/?start={in_days(1, 9).isoformat().replace('+', '%2B')}")

    page.get_by_label("Patient suchen", exact=True).last.fill("bekannt")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)
    page.get_by_text("Notfall", exact=True).click()
    page.get_by_role("button", name="Termin eintragen").click()
    expect(page.get_by_role("alert")).to_contain_text("gerade vergeben")
    page.get_by_role("button", name="Trotzdem einschieben").click()

    expect(page.locator(".entry", has_text="Bekannt").first).to_be_visible()
    squeezed = rows(made, Appointment, overbooked=True)
    assert [(one.starts_at, one.appointment_type) for one in squeezed] == [(in_days(1, 9), "emergency")]


def test_dragged_onto_a_taken_time_it_is_squeezed_in_deliberately(site: str, open_page: OpenPage) -> None:
    made, _ = with_room()
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".entry", has_text="Bekannt").focus()
    for time in ("10:45", "10:30", "10:15", "10:00", "09:45", "09:30"):
        page.locator(".entry", has_text="Bekannt").focus()
        page.keyboard.press("Alt+ArrowUp")
        expect(page.locator(".entry", has_text="Bekannt")).to_contain_text(time)
    page.locator(".entry", has_text="Bekannt").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("#panel").get_by_role("button", name="Trotzdem einschieben").click()

    expect(page.locator(".entry", has_text="Bekannt")).to_contain_text("09:15")
    assert [one.starts_at for one in rows(made, Appointment, overbooked=True)] == [in_days(1, 9, 15)]


def test_who_comes_without_an_appointment_sits_in_the_waiting_room_at_once(site: str, open_page: OpenPage) -> None:
    made, _ = with_room()
    page = open_page()
    open_tomorrow(page, site, made)

    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Ohne Termin gekommen")).to_be_visible()
    page.locator("#q").fill("bekannt")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)
    page.get_by_role("button", name="Ins Wartezimmer").click()

    expect(page.get_by_text("im Wartezimmer").first).to_be_visible()
    (here,) = rows(made, Appointment, appointment_type="walk-in")
    assert here.status == "arrived"


def test_time_is_blocked_by_drawing_over_it_and_given_free(site: str, open_page: OpenPage) -> None:
    made, _ = with_room()
    page = open_page()
    open_tomorrow(page, site, made)
    first, last = (page.locator(f".day__cell[href*='T{time}']").bounding_box() for time in ("10%3A00", "10%3A30"))
    assert first is not None
    assert last is not None

    page.mouse.move(first["x"] + 40, first["y"] + 4)
    page.mouse.down()
    page.mouse.move(last["x"] + 40, (first["y"] + last["y"]) / 2, steps=3)
    page.mouse.move(last["x"] + 40, last["y"] + 4, steps=3)
    page.mouse.up()
    panel = page.locator("#panel")
    expect(panel.get_by_label("Von")).to_have_value("10:00")
    expect(panel.get_by_label("Bis")).to_have_value("10:45")
    panel.get_by_label("Wofür").fill("Teambesprechung")
    panel.get_by_role("button", name="Zeit sperren").click()

    expect(page.locator(".day__block")).to_contain_text("Teambesprechung")
    (block,) = rows(made, Block)
    assert (block.starts_at, block.ends_at) == (in_days(1, 10), in_days(1, 10, 45))
    page.locator(".day__block").click()
    panel.get_by_role("button", name="Sperre aufheben").click()
    expect(page.locator(".day__block")).to_have_count(0)
    assert rows(made, Block) == []
