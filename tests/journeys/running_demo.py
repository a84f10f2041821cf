"""A demo of its own, started as ``make demo`` does, on a working day at twenty past ten."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import free_port, wait_for


def next_working_day() -> str:
    day = (datetime.now(UTC) + timedelta(hours=2)).date() + timedelta(days=1)
    while day.weekday() not in {0, 1, 3}:  # the days on which all three clinicians work
        day += timedelta(days=1)
    return day.isoformat()


TODAY = next_working_day()
"""What the demo takes for today."""
THIS_MORNING = f"{TODAY}T10:20"


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
                env={**clean, "SPRECHZEIT_DATA": str(self.folder), "SPRECHZEIT_DEMO_CLOCK": THIS_MORNING},
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


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Filled and answering; stopped and thrown away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="sprechzeit-demo-", dir="/tmp"))
    folder.chmod(0o711)
    one = Demo(folder)
    one.start()
    yield one
    if one.process is not None and one.process.poll() is None:
        one.stop()
    shutil.rmtree(folder)


def log_in(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/desk/")
    page.get_by_role("button", name="Als Demo-Praxis anmelden").click()
    expect(page.get_by_role("link", name="Neuer Termin", exact=True)).to_be_visible()
