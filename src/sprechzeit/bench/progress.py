"""Tell how far it is: a bar in a terminal, single lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

EVERY = 10.0  # seconds between lines where there is no terminal

Advance = Callable[[int], None]


class Progress:
    """Writes to ``out``; ``say`` for steps, ``bar`` for what is counted."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.console = Console(file=self.out)

    def say(self, line: str) -> None:
        """One step, in words."""
        self.out.write(f"  {line}\n")
        self.out.flush()

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Advance]:
        """Inside, call what is given with each number done."""
        if self.console.is_terminal:
            with self._bars() as bars:
                task = bars.add_task(f"  {title}", total=total)
                yield lambda done: bars.advance(task, done)
            return
        begun = told = time.monotonic()
        count = 0

        def advance(done: int) -> None:
            nonlocal count, told
            count += done
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                self.say(f"{title}: {count:,} of {total:,}")

        yield advance
        self.say(f"{title}: {count:,} in {time.monotonic() - begun:.1f} s")

    def _bars(self) -> Bars:
        return Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )
