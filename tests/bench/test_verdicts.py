"""Ratios and verdicts, on made-up numbers."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from sprechzeit.bench.report import Budget, Measure, Report, compared, print_table, share_of, write_json
from sprechzeit.bench.timing import Timing, percentile, timing_of


def _timing(*, per_second: float = 100.0, p50: float = 1.0) -> Timing:
    return Timing(count=10, per_second=per_second, p50_ms=p50, p99_ms=9.0)


def _report(*measures: Measure) -> Report:
    return Report("tiny", {"cores": 2}, {"total": 1.23456, "reused": False}, measures)


def test_percentiles_are_of_the_nearest_rank() -> None:
    hundred = [float(number) for number in range(1, 101)]

    assert percentile(hundred, 50) == 50
    assert percentile(hundred, 99) == 99
    assert percentile([7.0], 99) == 7
    assert percentile([1.0, 2.0, 3.0], 50) == 2


def test_the_rate_is_over_the_wall_clock_not_over_the_sum_of_calls() -> None:
    timing = timing_of([0.5, 0.1, 0.3, 0.1], 0.5)

    assert timing == Timing(count=4, per_second=8.0, p50_ms=100.0, p99_ms=500.0)


def test_nothing_measured_is_no_result() -> None:
    with pytest.raises(ValueError, match="nothing"):
        timing_of([], 1.0)


@pytest.mark.parametrize(("p50", "passed"), [(2.9, True), (3.0, True), (3.1, False)])
def test_latency_is_a_multiple_of_the_reference(p50: float, passed: bool) -> None:
    measure = compared("free", _timing(p50=p50), _timing(p50=1.0), Budget("at most", 3))

    assert measure.value == pytest.approx(p50)
    assert measure.passed is passed


@pytest.mark.parametrize(("rate", "passed"), [(39.0, False), (40.0, True), (90.0, True)])
def test_throughput_is_a_share_of_the_reference(rate: float, passed: bool) -> None:
    measure = share_of("book", _timing(per_second=rate), _timing(per_second=100.0), Budget("at least", 40))

    assert measure.value == pytest.approx(rate)
    assert measure.passed is passed


def test_one_missed_budget_fails_the_run() -> None:
    informs, kept = Measure("a", 5.0, "ms"), Measure("b", 1.0, "MiB", Budget("at most", 2))
    missed = Measure("c", 3.0, "MiB", Budget("at most", 2))

    assert _report(informs, kept).passed
    assert not _report(informs, kept, missed).passed


def test_the_table_names_the_verdict() -> None:
    out = io.StringIO()

    print_table(_report(Measure("memory", 200.0, "MiB", Budget("at most", 150))), out)

    assert "memory" in out.getvalue()
    assert "at most 150 MiB" in out.getvalue()
    assert "MISSED" in out.getvalue()


def test_the_file_holds_all_of_it(tmp_path: Path) -> None:
    measure = share_of("book", _timing(per_second=50), _timing(), Budget("at least", 40))

    write_json(_report(measure), tmp_path / "bench.json")

    read = json.loads((tmp_path / "bench.json").read_text())
    assert read["passed"] is True
    assert read["machine"] == {"cores": 2}
    assert read["load"]["total"] == 1.235
    assert read["measures"][0]["value"] == 50.0
    assert read["measures"][0]["reference"]["per_second"] == 100.0
    assert read["measures"][0]["budget"] == {"kind": "at least", "limit": 40}
