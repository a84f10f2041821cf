"""Lengthening and shortening on the grid: by the lower edge with mouse and finger, by keys, taken back, refused."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from sprechzeit.booking.resize import resize_appointment
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from tests.factories import book, in_days, make_bookable
from tests.journeys.conftest import OpenPage
from tests.journeys.test_moving_on_the_grid import hour, one_booked, open_tomorrow, stored


def pull(page: Page, entry: Locator, down: float) -> None:
    """Drag the lower edge."""
    box = entry.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + down / 2, steps=4)
    page.mouse.move(x, y + down, steps=4)
    page.mouse.up()


def test_pulled_longer_and_taken_back(site: str, open_page: OpenPage) -> None:
    made = one_booked(clinicians=1)
    page = open_page()
    open_tomorrow(page, site, made)
    before = (page.locator(".entry").bounding_box() or {"height": 0})["height"]

    pull(page, page.locator(".entry"), 0.5 * hour(page))

    expect(page.get_by_text("Dauer geändert.")).to_be_visible()
    expect(page.get_by_role("link", name="09:00 bis 10:00, Zieh, Zora")).to_be_visible()
    after = (page.locator(".entry").bounding_box() or {"height": 0})["height"]
    assert abs(after - 2 * before) < 4
    assert (stored(made).starts_at, stored(made).ends_at) == (in_days(1, 9), in_days(1, 10))
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_text("Termin eingetragen.").or_(page.get_by_text("Dauer geändert."))).not_to_be_visible()
    assert stored(made).ends_at == in_days(1, 9, 30)


def test_by_keys_in_steps_of_five_minutes_several_presses_are_one_change(site: str, open_page: OpenPage) -> None:
    made = one_booked(clinicians=1)
    page = open_page()
    open_tomorrow(page, site, made)

    page.locator(".entry").focus()
    for _ in range(3):
        page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.get_by_text("Dauer geändert.")).to_be_visible()
    longer = stored(made)
    page.locator(".entry").focus()
    page.keyboard.press("Alt+Shift+ArrowUp")

    expect(page.locator(f".entry[data-version='{longer.version + 1}']")).to_be_visible()
    assert (longer.ends_at, longer.version) == (in_days(1, 9, 45), 2)
    assert stored(made).ends_at == in_days(1, 9, 40)


def test_also_while_somebody_waits(site: str, open_page: OpenPage) -> None:
    made = one_booked(clinicians=1)
    with wearing(Role.DESK):
        mark(made.id, made.actor, stored(made).id, "arrived", version=1)
    page = open_page()
    open_tomorrow(page, site, made)

    pull(page, page.locator(".entry"), 0.25 * hour(page))

    expect(page.get_by_text("Dauer geändert.")).to_be_visible()
    assert stored(made).ends_at == in_days(1, 9, 45)


def test_into_the_next_one_it_springs_back_and_says_why(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable(clinicians=1, hours=(9, 12), days=1)
    book(made, visit_type, in_days(1, 9), last_name="Erst", first_name="Eva")
    book(made, visit_type, in_days(1, 9, 30), last_name="Zweit", first_name="Zoe")
    page = open_page()
    open_tomorrow(page, site, made)
    entry = page.locator(".entry", has_text="Erst")
    before = (entry.bounding_box() or {"height": 0})["height"]

    pull(page, entry, 0.5 * hour(page))

    expect(page.locator("#panel")).to_contain_text("So lange geht es nicht")
    expect(page.locator("#panel").get_by_label("Dauer")).to_have_value("60")
    assert abs((entry.bounding_box() or {"height": 0})["height"] - before) < 2


def test_what_somebody_changed_meanwhile_is_told_and_not_overwritten(site: str, open_page: OpenPage) -> None:
    made = one_booked(clinicians=1)
    page = open_page(errors_allowed=("status of 4", "net::ERR_FAILED"))
    page.route("**/desk/live/", lambda route: route.abort())
    page.route("**/desk/live/stand/**", lambda route: route.abort())
    open_tomorrow(page, site, made)
    with wearing(Role.DESK):
        resize_appointment(made.id, made.actor, stored(made).id, 90, version=1)

    pull(page, page.locator(".entry"), 0.25 * hour(page))

    expect(page.locator("#panel")).to_contain_text("inzwischen geändert")
    expect(page.locator("#panel")).to_contain_text("Dauer eines Termins geändert")
    assert stored(made).ends_at == in_days(1, 10, 30)


def test_with_a_finger(site: str, open_page: OpenPage) -> None:
    made = one_booked(clinicians=1)
    page = open_page({"width": 820, "height": 1180}, has_touch=True)
    open_tomorrow(page, site, made)
    page.locator(".entry").scroll_into_view_if_needed()
    box = page.locator(".entry").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 5
    touch = page.context.new_cdp_session(page)

    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.3, 0.6, 1):
        down = {"x": x, "y": y + part * 0.5 * hour(page)}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [down]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(page.get_by_text("Dauer geändert.")).to_be_visible()
    assert stored(made).ends_at == in_days(1, 10)
