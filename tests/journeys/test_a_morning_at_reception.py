"""A morning at reception in twelve situations. What each control does in detail: the journeys beside this one."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sprechzeit.booking.models import Appointment
from tests.booking.booked import rows
from tests.factories import in_days
from tests.journeys.conftest import OpenPage
from tests.journeys.reception import (
    VISITS,
    a_morning,
    as_stored,
    at_reception,
    enter,
    plan,
    tomorrow,
    visit_of,
)
from tests.journeys.test_accessibility import complaints
from tests.journeys.test_moving_on_the_grid import hour
from tests.journeys.test_phone_booking import form_with_counter

OFFLINE = ("ERR_INTERNET_DISCONNECTED", "Failed to load", "net::")


def the_entry(page: Page, name: str) -> str:
    """What stands on the grid for this person."""
    return page.locator(".entry", has_text=name).inner_text()


def test_phone_booking_of_a_known_patient_takes_three_presses_after_the_name(site: str, open_page: OpenPage) -> None:
    made, _ = a_morning()
    page = at_reception(open_page, site, made)
    form_with_counter(page, "berger")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)

    page.keyboard.press("Enter")
    page.keyboard.press("2")
    presses = page.evaluate("window.presses")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Termin eingetragen.")).to_be_visible()
    assert presses + 1 <= 3
    known = visit_of(made, in_days(1, 8), "Dr. Vogt").patient_id
    assert len(rows(made, Appointment, patient_id=known)) == 2


def test_a_walk_in_is_squeezed_in_where_all_three_are_busy_and_waits(site: str, open_page: OpenPage) -> None:
    made, _ = a_morning()
    before = plan(made)
    page = at_reception(open_page, site, made)
    page.goto(f"{site}/desk/neu/?start={in_days(1, 9).isoformat().replace('+', '%2B')}")

    page.locator("#q").fill("nowak")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)
    page.locator("main").get_by_text("ohne Termin gekommen", exact=True).click()
    page.get_by_role("button", name="Termin eintragen").click()
    expect(page.get_by_role("alert")).to_contain_text("gerade vergeben")
    page.get_by_role("button", name="Trotzdem einschieben").click()
    squeezed = page.locator(".entry--overbooked", has_text="Nowak")
    squeezed.focus()
    page.keyboard.press("e")

    expect(page.locator(".entry--overbooked.entry--arrived")).to_contain_text("Nowak")
    (new,) = rows(made, Appointment, overbooked=True)
    assert (new.starts_at, new.appointment_type, new.status) == (in_days(1, 9), "walk-in", "arrived")
    assert before.items() <= plan(made).items()


def test_a_clinician_is_ill_and_all_her_patients_are_moved_at_once_and_back(site: str, open_page: OpenPage) -> None:
    made, _ = a_morning()
    before = plan(made)
    vogt = made.clinicians[0].id
    page = at_reception(open_page, site, made)

    page.locator(".menu summary").click()
    page.get_by_role("link", name="Ausfall: Termine verlegen").click()
    page.get_by_label("Wer fällt aus?").select_option("Dr. Vogt")
    page.get_by_label("Tag", exact=True).fill(tomorrow(site, made)[-10:])
    page.get_by_role("button", name="Liste zeigen").click()
    expect(page.locator(".call")).to_have_count(5)
    page.get_by_role("button", name="Alle Vorschläge wählen").click()
    page.get_by_role("button", name="Gewählte Änderungen ausführen").click()
    expect(page.get_by_role("status").first).to_contain_text("5 Termine geändert")

    after = plan(made)
    assert after.keys() == before.keys()
    assert not [one for one in after.values() if vogt in one[1] and one[0] < in_days(2, 0)]
    page.get_by_role("button", name="Alle rückgängig machen").click()
    page.wait_for_url("**/desk/?tag=**")
    assert plan(made) == before


def test_two_receptionists_move_the_same_appointment_and_the_second_is_told(site: str, open_page: OpenPage) -> None:
    made, _ = a_morning()
    lindner = visit_of(made, in_days(1, 11), "Dr. Vogt")
    first = at_reception(open_page, site, made)
    second = open_page(errors_allowed=("status of 4", "net::ERR_FAILED"))
    second.route("**/desk/live/**", lambda route: route.abort())  # it has not heard of the first one's move yet
    second.context.add_cookies(first.context.cookies())
    second.goto(tomorrow(site, made), wait_until="load")

    first.locator(".entry", has_text="Lindner").focus()
    first.keyboard.press("Alt+ArrowDown")
    expect(first.locator(".entry", has_text="Lindner")).to_contain_text("11:15")
    second.locator(".entry", has_text="Lindner").focus()
    second.keyboard.press("Alt+ArrowUp")

    expect(second.locator("#panel")).to_contain_text("Der Termin wurde inzwischen geändert")
    assert as_stored(made, lindner).starts_at == in_days(1, 11, 15)
    second.reload()
    expect(second.locator(".entry", has_text="Lindner")).to_contain_text("11:15")


def test_a_lost_connection_is_shown_the_day_stays_readable_and_is_current_again(site: str, open_page: OpenPage) -> None:
    made, visit_type = a_morning()
    page = at_reception(open_page, site, made, errors_allowed=OFFLINE)

    page.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
    expect(page.get_by_text("Keine Verbindung seit")).to_be_visible()
    expect(page.locator(".entry")).to_have_count(VISITS)
    assert "Größer, Käthe" in the_entry(page, "Größer")
    enter(made, visit_type, in_days(1, 10), made.clinicians[2].id, last_name="Später", first_name="Susi")
    page.context.set_offline(False)
    page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")

    expect(page.get_by_text("Keine Verbindung seit")).to_be_hidden()
    expect(page.locator(".entry", has_text="Später, Susi")).to_be_visible()


def test_the_wrong_patient_is_corrected_a_misspelt_name_and_a_booking_for_the_other_one(
    site: str, open_page: OpenPage
) -> None:
    made, visit_type = a_morning()
    enter(made, visit_type, in_days(2, 8), made.clinicians[0].id, last_name="Berger", first_name="Anja")
    page = at_reception(open_page, site, made)

    page.locator(".entry", has_text="Yilmas").click()
    page.locator("#panel").get_by_role("link", name="Yilmas, Emre").click()
    page.locator("#panel").get_by_role("link", name="Berichtigen").click()
    page.get_by_label("Nachname").fill("Yılmaz")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".patient")).to_contain_text("Yılmaz, Emre")
    page.goto(tomorrow(site, made))
    expect(page.locator(".entry", has_text="Yılmaz, Emre")).to_contain_text("08:30")

    for name in ("Anna", "Anja"):  # booked for Anna, it was Anja who called
        page.locator(".day__cell[href*='T10%3A00']").last.click()
        page.locator("#q").fill(f"berger {name.lower()}")
        expect(page.locator("input[name=patient]:checked")).to_have_count(1)
        page.get_by_role("button", name="Termin eintragen").click()
        expect(page.locator(".entry", has_text=f"Berger, {name}").filter(has_text="10:00")).to_be_visible()
        if name == "Anna":
            page.get_by_role("button", name="Rückgängig").click()
            expect(page.locator(".entry", has_text="10:00").filter(has_text="Berger")).to_have_count(0)

    here = [one for one in rows(made, Appointment, starts_at=in_days(1, 10)) if one.status == "booked"]
    anja = visit_of(made, in_days(2, 8), "Dr. Vogt").patient_id
    assert anja in [one.patient_id for one in here]
    assert visit_of(made, in_days(1, 8), "Dr. Vogt").patient_id not in [one.patient_id for one in here]


def test_a_duplicate_is_merged_and_the_merge_is_undone(site: str, open_page: OpenPage) -> None:
    made, visit_type = a_morning()
    twice = enter(made, visit_type, in_days(1, 9, 30), made.clinicians[1].id, last_name="Groesser", first_name="Kaethe")
    page = at_reception(open_page, site, made)

    page.locator(".entry", has_text="Größer").click()
    page.locator("#panel").get_by_role("link", name="Größer, Käthe").click()
    page.goto(site + (page.locator("#panel .patient__more a").first.get_attribute("href") or ""))
    page.get_by_role("searchbox", name="Patient suchen").last.fill("groesser kaethe")
    page.locator("#treffer").get_by_role("link", name="Groesser, Kaethe").click()
    page.get_by_role("button", name="Zusammenführen").click()
    card = page.locator(".patient")
    expect(card.locator(".visits__one")).to_have_count(2)
    assert as_stored(made, twice).patient_id == visit_of(made, in_days(1, 9), "Dr. Vogt").patient_id

    page.get_by_role("link", name="Zusammenführung rückgängig machen").click()
    page.get_by_role("button", name="Rückgängig machen").click()
    expect(card.locator(".visits__one")).to_have_count(1)
    page.goto(tomorrow(site, made))
    expect(page.locator(".entry", has_text="Groesser, Kaethe")).to_be_visible()
    assert as_stored(made, twice).patient_id == twice.patient_id


def test_a_cancellation_a_move_and_a_mark_are_undone_one_after_the_other(site: str, open_page: OpenPage) -> None:
    made, _ = a_morning()
    before = plan(made)
    page = at_reception(open_page, site, made)
    weiss = page.locator(".entry", has_text="Weiß")

    weiss.click()
    page.locator("#panel summary", has_text="Absagen").click()
    page.locator("#panel").get_by_role("button", name="Termin absagen").click()
    expect(weiss).to_have_count(0)
    page.get_by_role("button", name="Rückgängig").click()
    expect(weiss).to_contain_text("11:00")
    weiss.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(weiss).to_contain_text("11:15")
    page.keyboard.press("z")
    expect(weiss).to_contain_text("11:00")
    weiss.focus()
    page.keyboard.press("e")
    expect(page.locator(".entry--arrived")).to_contain_text("Weiß")
    page.keyboard.press("z")

    expect(page.locator(".entry--arrived")).to_have_count(0)
    assert plan(made) == before


@pytest.mark.parametrize(("view", "landscape"), [("", False), ("woche/", True)], ids=["day", "week"])
def test_the_paper_book_day_and_week_fit_on_one_sheet_with_every_name(
    site: str, open_page: OpenPage, tmp_path: Path, view: str, landscape: bool
) -> None:
    made, _ = a_morning()
    page = at_reception(open_page, site, made)
    everybody = "&bei=" + ",".join(str(one.id) for one in made.clinicians) if view else ""
    page.goto(tomorrow(site, made).replace("/desk/?", f"/desk/{view}?") + everybody)

    printed = page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True, print_background=False)

    boxes = {tuple(map(float, one.split()[2:])) for one in re.findall(rb"/MediaBox \[([^\]]+)\]", printed)}
    assert len(re.findall(rb"/Type /Page\b(?!s)", printed)) == 1
    ((width, height),) = boxes
    assert (width > height) == landscape
    assert sorted(round(side) for side in (width, height)) == [595, 842]  # A4 in points
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", tmp_path / "paper.pdf", "-"], capture_output=True, check=True)
        words = text.stdout.decode()
        assert all(name in words for name in ("Berger", "Yilmas", "Größer", "Nowak", "Lindner", "Sommer", "Peters"))
        assert "Neuer Termin" not in words


def test_a_booking_goes_its_whole_way_by_keyboard_alone(site: str, open_page: OpenPage) -> None:
    made, visit_type = a_morning()
    enter(made, visit_type, in_days(3, 8), made.clinicians[0].id, last_name="Zander", first_name="Zoe")
    page = at_reception(open_page, site, made)
    keys = page.keyboard
    zander = page.locator(".entry", has_text="Zander")

    keys.press("n")
    expect(page.locator("#zeiten .times__choice").first).to_be_visible()
    expect(page.locator("#q")).to_be_focused()
    keys.type("zander")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)
    keys.press("Enter")
    keys.press("4")
    keys.press("Enter")
    expect(page.get_by_text("Termin eingetragen.")).to_be_visible()
    walk_to(page, "Zander")
    new = max(rows(made, Appointment), key=lambda one: one.created_at)
    keys.press("Alt+ArrowDown")
    expect(page.get_by_text("Termin verschoben.")).to_be_visible()
    expect(zander).to_have_attribute("data-version", "2")
    assert as_stored(made, new).starts_at == new.starts_at + timedelta(minutes=15)
    walk_to(page, "Zander")
    keys.press("e")
    expect(page.locator(".entry--arrived")).to_contain_text("Zander")
    keys.press("z")
    expect(page.locator(".entry--arrived")).to_have_count(0)
    expect(zander).to_have_attribute("data-version", "4")
    walk_to(page, "Zander")
    keys.press("Delete")
    expect(page.get_by_role("button", name="Termin absagen")).to_be_focused()
    keys.press("Enter")

    expect(page.locator("#panel")).to_be_empty()
    assert as_stored(made, new).status == "cancelled"


def walk_to(page: Page, name: str) -> None:
    """With Tab onto the grid, with arrows to the first entry of this person."""
    page.wait_for_load_state("load")
    asked = "document.activeElement?.closest('.day__column') !== null"
    for _ in range(60):
        if page.evaluate(asked):
            break
        page.keyboard.press("Tab")
    assert page.evaluate(asked)
    for _ in range(4):
        page.keyboard.press("Home")
        for _ in range(40):
            if name in str(page.evaluate("document.activeElement.innerText")):
                return
            page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
    raise AssertionError("no entry of this name can be reached by the arrows")


def test_on_a_tablet_a_finger_moves_an_appointment_and_marks_the_arrival(site: str, open_page: OpenPage) -> None:
    made, _ = a_morning()
    nowak = visit_of(made, in_days(1, 10), "Dr. Vogt")
    page = at_reception(open_page, site, made, size={"width": 820, "height": 1180}, has_touch=True)
    entry = page.locator(".entry", has_text="Nowak")
    entry.scroll_into_view_if_needed()
    box = entry.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    finger = page.context.new_cdp_session(page)

    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    page.wait_for_timeout(600)  # held until it can be dragged
    for part in (0.3, 0.7, 1):
        at = {"x": x, "y": y + part * 0.5 * hour(page)}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_text("Termin verschoben.")).to_be_visible()
    assert as_stored(made, nowak).starts_at == in_days(1, 10, 30)
    entry.tap()
    page.locator("#panel").get_by_role("button", name="Eingetroffen").tap()

    expect(page.locator(".entry--arrived")).to_contain_text("Nowak")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_the_dark_scheme_a_whole_booking_can_be_read(site: str, open_page: OpenPage) -> None:
    made, _ = a_morning()
    page = at_reception(open_page, site, made, color_scheme="dark")
    found = {"day": complaints(page)}

    page.locator(".day__cell[href*='T09%3A30']").first.click()
    page.locator("#q").fill("kraus")
    expect(page.locator("input[name=patient]:checked")).to_have_count(1)
    found["form"] = complaints(page)
    page.get_by_label("Uhrzeit").fill("09:00")
    page.get_by_role("button", name="Termin eintragen").click()
    expect(page.get_by_role("button", name="Trotzdem einschieben")).to_be_visible()
    found["conflict"] = complaints(page)
    page.get_by_role("button", name="Trotzdem einschieben").click()
    page.locator(".entry--overbooked", has_text="Kraus").click()
    expect(page.locator("#panel .desk-card")).to_be_visible()
    found["card"] = complaints(page)

    assert {name: lines for name, lines in found.items() if lines} == {}
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert len(rows(made, Appointment, overbooked=True)) == 1
