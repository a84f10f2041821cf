"""A demo may play at another time than now; nothing else may."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOLD = "import sprechzeit.site.settings; from sprechzeit import clock; print(clock.now().isoformat())"


def told(folder: Path, **environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SPRECHZEIT_", "DATABASE_"))}
    values = {**clean, "SPRECHZEIT_DATA": str(folder), **environment}
    return subprocess.run([sys.executable, "-c", TOLD], env=values, capture_output=True, text=True, check=True).stdout


def test_a_demo_starts_at_the_moment_that_it_is_told(tmp_path: Path) -> None:
    said = told(tmp_path, SPRECHZEIT_DEMO="1", SPRECHZEIT_DEMO_CLOCK="2031-03-10T10:20")

    assert said.startswith("2031-03-10T09:20:")  # in UTC


def test_without_a_demo_the_clock_stays_right(tmp_path: Path) -> None:
    said = told(tmp_path, SPRECHZEIT_DEMO_CLOCK="2031-03-10T10:20")

    assert not said.startswith("2031")
