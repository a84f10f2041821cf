"""Moving an appointment on the day's grid: by mouse, by keys, taken back, refused."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move import move_appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from tests.factories import Made, book, in_days, make_bookable
from tests.journeys.conftest import OpenPage, add_authenticator
from tests.journeys.test_members_and_keys import at_work, invitation_to, join


def open_tomorrow(page: Page, site: str, made: Made) -> None:
    add_authenticator(page)
    join(page, invitation_to(site, made), "Emil Empfang")
    at_work(page, "Emil Empfang")
    page.get_by_title("Nächster Tag").click()
    expect(page.locator(".entry").first).to_be_visible()
    page.wait_for_load_state("load")  # the scripts are there


def one_booked(clinicians: int = 2) -> Made:
    made, visit_type = make_bookable(clinicians=clinicians, hours=(9, 12), days=1)
    book(made, visit_type, in_days(1, 9), last_name="Zieh", first_name="Zora")
    return made


def drag(page: Page, entry: Locator, *, down: float = 0, right: float = 0) -> None:
    box = entry.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=4)
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()


def stored(made: Made) -> Appointment:
    with wearing(Role.DESK), acting_for(made.id):
        return Appointment.objects.get(practice=made.id)


def hour(page: Page) -> float:
    box = page.locator(".day__hour").first.bounding_box()
    assert box is not None
    return box["height"]


def test_dragged_to_another_time_and_clinician_and_taken_back(site: str, open_page: OpenPage) -> None:
    made = one_booked()
    page = open_page()
    open_tomorrow(page, site, made)
    columns = page.locator(".day__column")
    before = stored(made)
    from_column = columns.first if before.resource_ids == [made.clinicians[0].id] else columns.last
    width = (columns.last.bounding_box() or {"x": 0})["x"] - (columns.first.bounding_box() or {"x": 0})["x"]

    drag(
        page,
        page.locator(".entry"),
        down=1.5 * hour(page),
        right=width if before.resource_ids == [made.clinicians[0].id] else -width,
    )

    expect(page.get_by_text("Termin verschoben.")).to_be_visible()
    expect(page.locator(".entry")).to_contain_text("10:30")
    moved = stored(made)
    assert moved.starts_at == in_days(1, 10, 30)
    assert moved.resource_ids != before.resource_ids
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.locator(".entry")).to_contain_text("09:00")
    expect(from_column.locator(".entry")).to_be_visible()
    assert stored(made).starts_at == in_days(1, 9)


def test_alt_and_arrows_move_by_a_quarter_of_an_hour(site: str, open_page: OpenPage) -> None:
    made = one_booked()
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".entry").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".entry")).to_contain_text("09:15")
    page.locator(".entry").focus()
    page.keyboard.press("Alt+ArrowDown")

    expect(page.locator(".entry")).to_contain_text("09:30")
    assert stored(made).starts_at == in_days(1, 9, 30)


def test_onto_another_one_it_goes_back_and_alternatives_are_shown(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable(clinicians=1, hours=(9, 12), days=1)
    book(made, visit_type, in_days(1, 9), last_name="Erst", first_name="Eva")
    book(made, visit_type, in_days(1, 10), last_name="Zweit", first_name="Zoe")
    page = open_page()
    open_tomorrow(page, site, made)

    drag(page, page.locator(".entry", has_text="Erst"), down=hour(page))

    expect(page.locator("#panel")).to_contain_text("Diese Zeit ist gerade vergeben worden")
    expect(page.locator("#panel .times__choice").first).to_be_visible()
    page.reload()
    expect(page.locator(".entry", has_text="Erst")).to_contain_text("09:00")


def test_two_receptionists_move_the_same_one_and_the_second_is_told(site: str, open_page: OpenPage) -> None:
    made = one_booked(clinicians=1)
    page = open_page(errors_allowed=("status of 4", "net::ERR_FAILED"))
    page.route("**/desk/live/", lambda route: route.abort())  # this desk has not heard of the first one's move yet
    page.route("**/desk/live/stand/**", lambda route: route.abort())
    open_tomorrow(page, site, made)
    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, stored(made).id, in_days(1, 11), version=1)

    drag(page, page.locator(".entry"), down=hour(page))

    expect(page.locator("#panel")).to_contain_text("Der Termin wurde inzwischen geändert")
    assert stored(made).starts_at == in_days(1, 11)
