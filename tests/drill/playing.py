"""A drill at the small scale, in a folder of its own."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sprechzeit.bench.progress import Progress
from sprechzeit.drill.outcome import Step
from sprechzeit.drill.run import drill
from sprechzeit.drill.stage import PROGRAM, Prepare
from sprechzeit.drill.table import Drill
from sprechzeit.vault import Secret


def play(
    *letters: str, program: tuple[str, ...] = PROGRAM, secret: Secret | None = None, prepare: Prepare | None = None
) -> Drill:
    """These steps, each of which is told."""
    with TemporaryDirectory(prefix="sprechzeit-drill-") as folder:
        Path(folder).chmod(0o711)
        return drill(
            Path(folder) / "drill",
            "small",
            Progress(io.StringIO()),
            letters=letters,
            program=program,
            secret=secret,
            prepare=prepare,
        )


def step_of(*letters: str, **more: object) -> Step:
    """The only step of a drill."""
    (step,) = play(*letters, **more).steps  # type: ignore[arg-type]  # passed on as it came
    return step


def weakened(switch: str) -> tuple[str, ...]:
    """How the weakened product is begun (``weakened.py``)."""
    return (sys.executable, "-m", "tests.drill.weakened", switch)
