"""What was measured against which budget, as a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from rich.console import Console
from rich.table import Table

from sprechzeit.bench.timing import Timing


@dataclass(frozen=True)
class Budget:
    """``limit`` is in the unit of the measure's value."""

    kind: Literal["at most", "at least"]
    limit: float

    def holds(self, value: float) -> bool:
        """Whether the value is within the budget; the limit itself is."""
        return value <= self.limit if self.kind == "at most" else value >= self.limit


@dataclass(frozen=True)
class Measure:
    """One line of the report. ``value`` is what the budget is about; without a budget it informs only."""

    name: str
    value: float
    unit: Literal["x", "%", "MiB", "kB", "s", "ms", "/s"]
    budget: Budget | None = None
    timing: Timing | None = None
    reference: Timing | None = None

    @property
    def passed(self) -> bool:
        return self.budget is None or self.budget.holds(self.value)


@dataclass(frozen=True)
class Report:
    """One run."""

    scale: str
    machine: dict[str, str | int]
    load: dict[str, float | bool]
    measures: tuple[Measure, ...]

    @property
    def passed(self) -> bool:
        """Whether every budget was kept."""
        return all(measure.passed for measure in self.measures)


def compared(name: str, timing: Timing, reference: Timing, budget: Budget) -> Measure:
    """Latency at the median, as a multiple of the reference's."""
    return Measure(name, timing.p50_ms / reference.p50_ms, "x", budget, timing, reference)


def share_of(name: str, timing: Timing, reference: Timing, budget: Budget) -> Measure:
    """Requests per second, as percent of the reference's."""
    return Measure(name, 100 * timing.per_second / reference.per_second, "%", budget, timing, reference)


def write_json(report: Report, path: Path) -> None:
    """Everything, for programs. Rounded to what the clock can tell."""
    measures = [{**asdict(measure), "passed": measure.passed} for measure in report.measures]
    whole = {**asdict(report), "measures": measures, "passed": report.passed}
    path.write_text(json.dumps(_rounded(whole), indent=2) + "\n", encoding="utf-8")


def print_table(report: Report, out: TextIO) -> None:
    """For people."""
    table = Table(title=f"Scale {report.scale}", title_justify="left")
    table.add_column("measure")
    for heading in ("requests/s", "p50 ms", "p99 ms", "bare/s", "bare p50", "bare p99", "result", "budget"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for measure in report.measures:
        table.add_row(
            measure.name,
            *_cells(measure.timing),
            *_cells(measure.reference),
            f"{measure.value:,.2f} {measure.unit}",
            f"{measure.budget.kind} {measure.budget.limit:g} {measure.unit}" if measure.budget else "",
            "" if measure.budget is None else "kept" if measure.passed else "MISSED",
        )
    console = Console(file=out)
    if not console.is_terminal:
        console = Console(file=out, width=160)
    console.print(table)


def _cells(timing: Timing | None) -> tuple[str, str, str]:
    if timing is None:
        return "", "", ""
    return f"{timing.per_second:,.0f}", f"{timing.p50_ms:.2f}", f"{timing.p99_ms:.2f}"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
