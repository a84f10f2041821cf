"""Play some of the drill's steps at the small scale, on an instance of its own; never longer than its patience."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sprechzeit.bench.progress import Progress
from sprechzeit.drill.outcome import Step
from sprechzeit.drill.run import drill
from sprechzeit.drill.stage import PROGRAM, Prepare
from sprechzeit.drill.table import Drill
from sprechzeit.vault import Secret

WEAKENED = (sys.executable, "-m", "tests.drill.weakened")


def play(
    letters: Iterable[str], *, switch: str = "", prepare: Prepare | None = None, secret: Secret | None = None
) -> dict[str, Step]:
    """Each step by its letter. ``switch`` weakens the program (``weakened.py``), the others what it works on."""
    program = (*WEAKENED, switch) if switch else PROGRAM
    return {step.letter: step for step in play_all(letters, program=program, prepare=prepare, secret=secret).steps}


def play_all(
    letters: Iterable[str],
    *,
    program: tuple[str, ...] = PROGRAM,
    prepare: Prepare | None = None,
    secret: Secret | None = None,
) -> Drill:
    """The whole outcome."""
    folder = Path(tempfile.mkdtemp(prefix="sprechzeit-drill-", dir="/tmp"))
    folder.chmod(0o711)
    progress = Progress(sys.stderr)
    return drill(folder, "small", progress, letters=letters, program=program, prepare=prepare, secret=secret)
