"""The outcome for people, as a table, and for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from sprechzeit.drill.outcome import Opened, Step

LIVE = "e"  # the step with a really stolen live session: what it saw is told as scraped


@dataclass(frozen=True)
class Drill:
    """A whole drill. ``seconds`` is everything, loading included."""

    scale: str
    records: int
    appointments: int
    members: int
    steps: tuple[Step, ...]
    seconds: float
    machine: dict[str, str | int]

    @property
    def passed(self) -> bool:
        return all(step.passed for step in self.steps)

    @property
    def readable(self) -> int:
        """Records that the loot opened: the most of any step but the live session; they open the same people."""
        return max((step.opened.patients for step in self.steps if step.letter != LIVE), default=0)

    @property
    def live(self) -> Step | None:
        return next((step for step in self.steps if step.letter == LIVE), None)

    def as_dict(self) -> dict[str, Any]:
        """For machines; what the table says, and each way that was tried."""
        alarm = max((one.seconds for one in self.live.noticed), default=None) if self.live else None  # of the slowest
        return {
            "scale": self.scale,
            "records": self.records,
            "appointments": self.appointments,
            "members": self.members,
            "readable": self.readable,
            "scraped": self.live.opened.patients if self.live else None,
            "allowed": self.live.allowed.patients if self.live else None,
            "seconds_to_alarm": alarm,
            "seconds": round(self.seconds, 1),
            "passed": self.passed,
            "machine": self.machine,
            "steps": [_step(step) for step in self.steps],
        }


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.letter,
        "title": step.title,
        "has": step.has,
        "opened": asdict(step.opened),
        "allowed": asdict(step.allowed),
        "noticed": [asdict(one) for one in step.noticed],
        "tried": [asdict(one) for one in step.tried],
        "seconds": round(step.seconds, 1),
        "passed": step.passed,
        "reasons": list(step.reasons),
    }


def print_table(drill: Drill, out: TextIO) -> None:
    """For people."""
    table = Table(title=f"Drill, scale {drill.scale}", title_justify="left", show_lines=True)
    for heading in ("step", "the attacker has", "tried", "patients", "appts", "members", "noticed", ""):
        table.add_column(heading, justify="right" if heading in {"patients", "appts", "members"} else "left")
    for step in drill.steps:
        table.add_row(*row_of(step))
    Console(file=out, width=None if out.isatty() else 160).print(table)
    for step in drill.steps:
        for reason in step.reasons:
            out.write(f"  step {step.letter}: {reason}\n")
    out.write(
        f"  {drill.records:,} records, readable with the loot: {drill.readable:,}. "
        f"{drill.appointments:,} appointments, {drill.members:,} members. {drill.seconds / 60:.1f} minutes.\n"
    )


def row_of(step: Step) -> list[str]:
    """One line of the table."""
    tried = "\n".join(f"{one.times:,} {one.what}" for one in step.tried)
    noticed = "\n".join(f"{one.by} after {one.seconds:.1f} s" for one in step.noticed) or "-"
    counts = [_count(step.opened, step.allowed, name) for name in ("patients", "appointments", "members")]
    return [f"{step.letter}  {step.title}", step.has, tried, *counts, noticed, "held" if step.passed else "FAILED"]


def _count(opened: Opened, allowed: Opened, name: str) -> str:
    most = getattr(allowed, name)
    return f"{getattr(opened, name):,}" + (f" (limit {most:,})" if most else "")
