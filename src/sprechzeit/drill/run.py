"""``sprechzeit drill``: set a fresh instance up, play all steps in a process of its own, tell what came of it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.progress import Progress
from sprechzeit.bench.scale import SCALES
from sprechzeit.drill.inside import STEPS, step_from
from sprechzeit.drill.outcome import Step
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.stage import PROGRAM, Prepare, stage
from sprechzeit.drill.table import Drill
from sprechzeit.vault import Secret

COUNTS = "select (select count(*) from appointment), (select count(*) from membership)"


def drill(
    folder: Path,
    scale: str,
    progress: Progress,
    *,
    letters: Iterable[str] = tuple(STEPS),
    program: tuple[str, ...] = PROGRAM,
    secret: Secret | None = None,
    prepare: Prepare | None = None,
) -> Drill:
    """Play these steps at this scale in ``folder``, which is emptied before and removed afterwards.

    ``program``, ``secret`` and ``prepare`` are for tests, which weaken the instance to see the drill fail (``stage``).

    Raises
    ------
    BenchError, EmbeddedError
        With one line for people.
    """
    begun = time.monotonic()
    try:
        with stage(folder, SCALES[scale], progress, program=program, secret=secret, prepare=prepare) as scene:
            with psycopg.connect(scene.url()) as connection:
                appointments, members = connection.execute(COUNTS).fetchone() or (0, 0)
                version = connection.info.parameter_status("server_version") or ""
            records, steps = play_steps(scene, list(letters), progress)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    machine: dict[str, str | int] = {
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "postgresql": version,
    }
    return Drill(scale, records, appointments, members, tuple(steps), time.monotonic() - begun, machine)


def play_steps(scene: Scene, letters: list[str], progress: Progress) -> tuple[int, list[Step]]:
    """How many records there are, and what came of each step.

    Raises
    ------
    BenchError
        The process that plays ended early; its own words are on the terminal.
    """
    progress.say("Opening every record with its practice's own keys, to know who is in there")
    command = [sys.executable, "-m", "sprechzeit.drill.inside"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, env=scene.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if process.stdin is None or process.stdout is None:
        raise BenchError("no pipe to the process that plays")
    process.stdin.write(json.dumps([scene.to_json(), letters]))
    process.stdin.close()
    records, steps = 0, []
    for line in process.stdout:
        told: dict[str, Any] = json.loads(line)
        if "records" in told:
            records = told["records"]
            progress.say(f"{records:,} records; playing")
            continue
        step = step_from(told)
        steps.append(step)
        progress.say(f"({step.letter}) {step.title}: {'held' if step.passed else 'FAILED'}, {step.seconds:.0f} s")
    if process.wait() or len(steps) != len(letters):
        raise BenchError("the drill ended early; the lines above say why")
    return records, steps
