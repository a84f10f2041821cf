"""The pictures of every page, on a working day at twenty past ten; ``make screenshots`` keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sprechzeit.staff.demo import DAY_SHEET_PASSPHRASE
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage
from tests.journeys.running_demo import TODAY, Demo, log_in, running_demo
from tests.journeys.small_png import small_png
from tests.journeys.test_widget import PAGE, own_site_running

LARGE = {"width": 1920, "height": 1080}
TABLET = {"width": 820, "height": 1180}
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

VIEWS = {"day": "", "week": "woche/", "month": "monat/", "today": "heute/"}
"""In every size."""

PAGES = {
    "rooms": "?spalten=alle",
    "week-of-several": "woche/",
    "list": "liste/",
    "new": "neu/",
    "inbox": "eingang/",
    "day-sheet": "tagesblatt/",
    "components": "bausteine/",
    "settings": "einstellungen/",
    "resources": "einstellungen/kalender/",
    "booking-page": "einstellungen/buchungsseite/",
    "trail": "protokoll/",
    "waiting-list": "warteliste/",
    "messages": "nachrichten/",
    "message-texts": "einstellungen/nachrichten/",
    "alarms": "alarme/",
    "team": "team/",
    "security": "sicherheit/",
    "tokens": "zugaenge/",
}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with running_demo() as one:
        yield one


def keep(page: Page, path: Path, *, whole: bool = False) -> None:
    """The window, or the whole page, as a small file."""
    picture = page.screenshot(full_page=whole, animations="disabled")
    darkroom = page.context.browser.new_page()
    path.write_bytes(small_png(darkroom, picture))
    darkroom.close()


@dataclass
class Camera:
    """Takes pictures of what stands in the window, as one sees it."""

    page: Page
    address: str
    folder: Path
    ending: str

    def at(self, address: str) -> None:
        self.page.goto(f"{self.address}/desk/{address}", wait_until="load")

    def shoot(self, name: str) -> None:
        self.page.wait_for_timeout(250)  # what comes after loading has come
        keep(self.page, self.folder / f"{name}{self.ending}.png")

    def panel(self, text: str = "") -> None:
        expect(self.page.locator("#panel")).to_contain_text(text)
        expect(self.page.locator("#panel > *").first).to_be_visible()


def camera_at_desk(demo: Demo, page: Page, shots: Path, ending: str) -> Camera:
    log_in(page, demo)
    return Camera(page, demo.address, shots, ending)


@SCHEMES
@pytest.mark.parametrize(
    ("size", "kind"), [(DESKTOP, ""), (LARGE, "-1920"), (TABLET, "-tablet")], ids=["1280", "1920", "tablet"]
)
def test_pictures_of_the_calendar(
    demo: Demo, open_page: OpenPage, shots: Path, scheme: str, size: dict[str, int], kind: str
) -> None:
    page = open_page(size, color_scheme=scheme, has_touch=kind == "-tablet")
    camera = camera_at_desk(demo, page, shots, f"{kind}-{scheme}")

    for name, address in VIEWS.items():
        camera.at(address)
        camera.shoot(f"desk-{name}")

    assert all((shots / f"desk-{name}{kind}-{scheme}.png").exists() for name in VIEWS)


@SCHEMES
def test_pictures_of_the_pages(demo: Demo, open_page: OpenPage, shots: Path, scheme: str) -> None:
    page = open_page(DESKTOP, color_scheme=scheme)
    page.goto(f"{demo.address}/desk/")
    Camera(page, demo.address, shots, f"-{scheme}").shoot("desk-login")
    camera = camera_at_desk(demo, page, shots, f"-{scheme}")
    camera.at("woche/")
    several = page.locator(".views__one", has_text="Vogt und Reuter").get_attribute("href") or ""

    for name, address in {**PAGES, "week-of-several": several.removeprefix("/desk/")}.items():
        camera.at(address)
        if name == "new":
            page.locator("#q").fill("mül")
            expect(page.locator("input[name=patient]").first).to_be_attached()
            expect(page.locator("#zeiten .times__choice").first).to_be_visible()
        camera.shoot(f"desk-{name}")

    camera.at("einstellungen/terminarten/")
    page.locator("main").get_by_role("link", name=re.compile("Sprechstunde")).first.click()
    camera.shoot("desk-visit-type")
    camera.at("einstellungen/kalender/")
    page.locator("main").get_by_role("link", name="Dr. med. Miriam Vogt").first.click()
    expect(page.get_by_role("heading", name="Sprechzeiten: Dr. med. Miriam Vogt")).to_be_visible()
    camera.shoot("desk-hours")
    camera.at("notfallblatt/")
    page.get_by_role("button", name=re.compile("Blatt erstellen|Neues Blatt")).click()
    expect(page.locator(".sheet")).to_be_visible()
    camera.shoot("desk-sheet")


def steps(page: Page, camera: Camera) -> dict[str, Callable[[], None]]:
    """What is shown in the middle of work: how to come there from the day."""

    def card() -> None:
        page.locator(".entry--arrived").first.click()
        camera.panel()

    def patient() -> None:
        page.keyboard.press("/")
        page.keyboard.type("hofmann")
        page.locator("#panel").get_by_role("link", name=re.compile("^Hofmann")).first.click()
        camera.panel("Kommende Termine")

    def block() -> None:
        page.locator(".day__block").first.click()
        camera.panel("Sperre aufheben")

    def clipboard() -> None:
        for number in (0, 1):
            page.locator(".entry--booked[data-move]:not(.entry--cut)").nth(number + 2).focus()
            page.keyboard.press("x")
            expect(page.locator(".clipboard__one")).to_have_count(number + 1)

    def keys() -> None:
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Tasten")).to_be_visible()

    def intake() -> None:
        camera.at("eingang/")
        page.locator("main").locator("a[href*='/termin/']").first.click()
        camera.panel()

    def squeeze() -> None:
        camera.at(f"neu/?start={TODAY}T10:45:00%2B01:00")
        page.locator("#q").fill("zorbach")
        page.locator(".patients__choice").first.click()
        page.locator("main").get_by_text("Notfall", exact=True).click()
        page.get_by_label("Bei").select_option("Dr. med. Miriam Vogt")
        page.get_by_role("button", name="Termin eintragen").click()
        expect(page.get_by_role("button", name="Trotzdem einschieben")).to_be_visible()

    def call_list() -> None:
        camera.at("ausfall/")
        page.get_by_label("Wer fällt aus?").select_option("Leyla Aydın")
        page.get_by_label("Tag", exact=True).fill(TODAY)
        page.get_by_role("button", name="Liste zeigen").click()
        expect(page.locator(".call").first).to_be_visible()

    return {
        "card": card, "patient": patient, "block": block, "keys": keys, "intake": intake, "squeeze-in": squeeze,
        "call-list": call_list, "clipboard": clipboard,
    }  # fmt: skip  # lines grouped by hand


@SCHEMES
def test_pictures_of_work_in_progress(demo: Demo, open_page: OpenPage, shots: Path, scheme: str) -> None:
    page = open_page(DESKTOP, color_scheme=scheme)
    camera = camera_at_desk(demo, page, shots, f"-{scheme}")

    for name, step in steps(page, camera).items():
        camera.at("")
        expect(page.locator(".entry").first).to_be_visible()
        step()
        camera.shoot(f"desk-{name}")
    camera.at("")
    for left in (1, 0):  # as it was, for the other scheme
        page.locator(".clipboard__drop").first.click()
        expect(page.locator(".clipboard__one")).to_have_count(left)


@SCHEMES
def test_pictures_of_the_opened_day_sheet(
    demo: Demo, open_page: OpenPage, shots: Path, tmp_path: Path, scheme: str
) -> None:
    page = open_page(DESKTOP, color_scheme=scheme)
    camera = camera_at_desk(demo, page, shots, f"-{scheme}")
    camera.at("tagesblatt/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Jetzt herunterladen").click()
    download.value.save_as(tmp_path / "blatt.html")

    opened = open_page(DESKTOP, color_scheme=scheme)
    opened.context.set_offline(True)
    opened.goto((tmp_path / "blatt.html").as_uri())
    opened.get_by_label("Passphrase der Tagesblätter").fill(DAY_SHEET_PASSPHRASE)
    opened.get_by_role("button", name="Öffnen").click()
    expect(opened.locator("table").first).to_be_visible()

    keep(opened, shots / f"desk-day-sheet-opened-{scheme}.png")


@SCHEMES
@pytest.mark.parametrize(("size", "kind"), [(PHONE, "phone"), (DESKTOP, "desktop")])
def test_pictures_of_booking(
    demo: Demo, open_page: OpenPage, shots: Path, scheme: str, size: dict[str, int], kind: str
) -> None:
    page = open_page(size, color_scheme=scheme)

    def shoot(name: str) -> None:
        keep(page, shots / f"front-{name}-{kind}-{scheme}.png", whole=True)

    page.goto(demo.address)
    shoot("start")
    page.get_by_label("Ort oder Postleitzahl").fill("10115")
    page.get_by_label("Umkreis").select_option("20")
    page.get_by_role("button", name="Praxen finden").click()
    shoot("results")
    page.goto(f"{demo.address}/praxis/lindenpark/")
    shoot("practice")
    page.get_by_role("link", name=re.compile("^Sprechstunde")).click()
    shoot("times")
    later = page.locator(".day-sheet").nth(4)  # far enough away to be cancelled online
    later.locator("summary").click()
    later.locator("button.slot").first.click()
    page.wait_for_url("**/angaben/**")
    shoot("details")
    page.get_by_role("button", name="Termin buchen").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    shoot("errors")
    page.get_by_label("Vorname").fill("Erika")
    page.get_by_label("Nachname").fill("Mustermann")
    page.get_by_label("Geburtsdatum").fill("12.08.1964")
    page.get_by_label("E-Mail-Adresse").fill("erika@example.org")
    page.get_by_role("button", name="Termin buchen").click()
    page.wait_for_url("**/mein-termin/**")
    shoot("booked")
    page.get_by_role("link", name="Absagen").click()
    shoot("cancel")


@SCHEMES
@pytest.mark.parametrize(("size", "kind"), [(PHONE, "phone"), (DESKTOP, "desktop")])
def test_pictures_of_other_ways_to_a_visit(
    demo: Demo, open_page: OpenPage, shots: Path, scheme: str, size: dict[str, int], kind: str
) -> None:
    page = open_page(size, color_scheme=scheme)

    def shoot(name: str) -> None:
        keep(page, shots / f"front-{name}-{kind}-{scheme}.png", whole=True)

    page.goto(f"{demo.address}/praxis/lindenpark/")
    page.get_by_role("link", name=re.compile("^Reiseimpfberatung")).click()
    shoot("questions")
    page.goto(f"{demo.address}/praxis/lindenpark/")
    page.get_by_role("link", name=re.compile("^Akutsprechstunde")).click()
    vogt = page.locator("label.pick", has_text="Vogt").locator("input").get_attribute("value")
    page.goto(f"{page.url}?bei={vogt}&ab={date.fromisoformat(TODAY) + timedelta(days=20)}")
    shoot("nothing-free")
    page.goto(f"{demo.address}/praxis/lindenpark/")
    page.get_by_role("link", name=re.compile("^Kurze Anliegen")).click()
    shoot("open-consultation")
    page.get_by_role("button", name="Nummer ziehen").click()
    shoot("number")
    page.goto(f"{demo.address}/praxis/kinderpraxis-am-buergerpark/")
    page.get_by_role("link", name=re.compile("^Kindersprechstunde")).click()
    page.get_by_role("radio", name="gesetzlich versichert").check()
    page.get_by_role("button", name="Weiter zu den Zeiten").click()
    page.locator("button.slot").first.click()
    page.get_by_label("Vorname").fill("Mia")
    page.get_by_label("Nachname").fill("Mustermann")
    page.get_by_text("Ich buche für jemand anderen").click()
    page.get_by_label("Ihr Name").fill("Erika Mustermann")
    page.get_by_label("E-Mail-Adresse").fill("erika@example.org")
    shoot("for-a-child")
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_label("Code aus der Mail").fill("482913")
    shoot("code")


@pytest.mark.parametrize(("size", "kind"), [(PHONE, "phone"), (DESKTOP, "desktop")])
def test_pictures_of_the_widget(demo: Demo, open_page: OpenPage, shots: Path, size: dict[str, int], kind: str) -> None:
    """On a page of another origin, which the demo's practice lists first."""
    with own_site_running() as (port, pages):
        home = f"http://127.0.0.1:{port}"
        desk = open_page()
        log_in(desk, demo)
        desk.goto(f"{demo.address}/desk/einstellungen/buchungsseite/")
        desk.locator("textarea[name=widget_origins]").fill(home)
        desk.locator("main form").first.get_by_role("button", name="Speichern").click()
        pages["/"] = PAGE.format(
            snippet=f'<script src="{demo.address}/static/widget.js" data-praxis="lindenpark" async></script>'
        )
        page = open_page(size)
        page.goto(f"{home}/")
        expect(page.frame_locator("iframe").locator("a.choice").first).to_be_visible()
        page.wait_for_timeout(500)  # the frame has its height
        keep(page, shots / f"front-widget-{kind}-light.png")
