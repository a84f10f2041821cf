"""``make demo`` as a newcomer meets it, and the pictures that the README shows of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, OpenPage, free_port, wait_for

PAGES = {
    "inbox": "eingang/",
    "team": "team/",
    "security": "sicherheit/",
    "tokens": "zugaenge/",
    "trail": "protokoll/",
    "settings": "einstellungen/",
    "resources": "einstellungen/kalender/",
}


@dataclass
class Demo:
    """A demo in a data folder of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    output: Path = field(init=False)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> float:
        """Run until it answers; tell the seconds that this took."""
        begun = time.monotonic()
        self.output = self.folder / f"demo-{time.monotonic_ns()}.out"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sprechzeit", "demo", "--port", str(self.port)],
                env={**clean, "SPRECHZEIT_DATA": str(self.folder)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(self.address, self.process, 120)
        return time.monotonic() - begun

    def stop(self) -> None:
        """Ctrl-C."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(40) == 0

    def processes(self) -> list[str]:
        found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout.splitlines()
        return [line for line in found if str(self.folder) in line or f"--port {self.port}" in line]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="sprechzeit-demo-", dir="/tmp"))
    folder.chmod(0o711)
    one = Demo(folder)
    one.start()
    yield one
    if one.process is not None and one.process.poll() is None:
        one.stop()
    shutil.rmtree(folder)


def next_working_day() -> str:
    day = (datetime.now(UTC) + timedelta(hours=2)).date() + timedelta(days=1)
    while day.weekday() not in {0, 1, 3}:  # the days on which all three clinicians work
        day += timedelta(days=1)
    return day.isoformat()


def log_in(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/desk/")
    page.get_by_role("button", name="Als Demo-Praxis anmelden").click()
    expect(page.get_by_role("link", name="Neuer Termin", exact=True)).to_be_visible()


def test_it_says_what_to_open(demo: Demo) -> None:
    said = demo.output.read_text()

    assert f"{demo.address}/praxis/lindenpark/" in said
    assert f"{demo.address}/desk/" in said
    assert "Ctrl-C" in said


def test_it_is_a_believable_practice(demo: Demo, open_page: OpenPage) -> None:
    page = open_page()
    log_in(page, demo)

    page.goto(f"{demo.address}/desk/?tag={next_working_day()}&spalten=alle")

    names = page.locator(".day__name").all_inner_texts()
    assert len(names) == 6
    assert page.locator(".entry").count() > 20
    assert re.fullmatch(r"[^\d]+, [^\d]+(\*\d{4})?", page.locator(".entry__who").first.inner_text().replace("\n", ""))


def test_a_port_that_is_taken_is_said_in_one_line(demo: Demo) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sprechzeit", "demo", "--port", str(demo.port)],
        env={**os.environ, "SPRECHZEIT_DATA": str(demo.folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"sprechzeit: port {demo.port} is taken: choose another, for example make demo PORT={demo.port + 1}\n"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_every_page(demo: Demo, open_page: OpenPage, shots: Path, scheme: str) -> None:
    def shoot(page: Page, name: str, *, whole: bool = True) -> None:
        page.screenshot(path=shots / f"{name}-{scheme}.png", full_page=whole, animations="disabled")

    for size, kind in ((PHONE, "phone"), (DESKTOP, "desktop")):
        page = open_page(size, color_scheme=scheme)
        page.goto(demo.address)
        shoot(page, f"front-start-{kind}")
        page.goto(f"{demo.address}/praxis/lindenpark/")
        shoot(page, f"front-practice-{kind}")
        page.get_by_role("link", name=re.compile("^Sprechstunde")).click()
        shoot(page, f"front-times-{kind}")
        later = page.locator(".day-sheet").nth(4)  # far enough away to be cancelled online
        later.locator("summary").click()
        later.locator("button.slot").first.click()
        page.wait_for_url("**/angaben/**")
        shoot(page, f"front-details-{kind}")
        page.get_by_role("button", name="Termin buchen").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        shoot(page, f"front-errors-{kind}")
        page.get_by_label("Vorname").fill("Erika")
        page.get_by_label("Nachname").fill("Mustermann")
        page.get_by_label("Geburtsdatum").fill("12.08.1964")
        page.get_by_label("E-Mail-Adresse").fill("erika@example.org")
        page.get_by_role("button", name="Termin buchen").click()
        page.wait_for_url("**/mein-termin/**")
        shoot(page, f"front-booked-{kind}")
        page.get_by_role("link", name="Absagen").click()
        shoot(page, f"front-cancel-{kind}")

    desk = open_page(DESKTOP, color_scheme=scheme)
    desk.goto(f"{demo.address}/desk/")
    shoot(desk, "desk-login", whole=False)
    log_in(desk, demo)
    desk.goto(f"{demo.address}/desk/?tag={next_working_day()}")
    shoot(desk, "desk-day", whole=False)
    desk.locator(".entry").nth(4).click()
    expect(desk.locator("#panel .desk-card")).to_be_visible()
    shoot(desk, "desk-card", whole=False)
    desk.goto(f"{demo.address}/desk/?tag={next_working_day()}&spalten=alle")
    shoot(desk, "desk-rooms", whole=False)
    desk.goto(f"{demo.address}/desk/neu/")
    expect(desk.locator(".times__choice").first).to_be_visible()
    desk.get_by_label("Patient suchen").last.fill("mül")
    expect(desk.locator("#treffer .patients__choice").first).to_be_visible()
    shoot(desk, "desk-new")
    desk.goto(f"{demo.address}/desk/woche/?tag={next_working_day()}")
    shoot(desk, "desk-week", whole=False)
    for name, address in PAGES.items():
        desk.goto(f"{demo.address}/desk/{address}")
        shoot(desk, f"desk-{name}")
    desk.goto(f"{demo.address}/desk/notfallblatt/")
    desk.get_by_role("button", name=re.compile("Blatt erstellen|Neues Blatt")).click()
    expect(desk.locator(".sheet")).to_be_visible()
    shoot(desk, "desk-sheet")

    assert len(list(shots.glob(f"*-{scheme}.png"))) >= 28


def test_ctrl_c_stops_all_of_it_and_a_second_start_keeps_the_data(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(errors_allowed=("net::",))  # the open desk notices that the server is gone
    log_in(page, demo)
    page.goto(f"{demo.address}/desk/?tag={next_working_day()}")
    before = page.locator(".entry").count()

    demo.stop()
    assert demo.processes() == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", demo.port)) != 0
    seconds = demo.start()

    assert seconds < 30  # "in seconds", with room for a busy machine
    page.goto(f"{demo.address}/desk/?tag={next_working_day()}")
    assert page.locator(".entry").count() == before
