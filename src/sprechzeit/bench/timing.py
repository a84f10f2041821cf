"""How quick something was: rate, median and 99th percentile of what was measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """``per_second`` over the wall clock, ``p50_ms`` and ``p99_ms`` of single calls in milliseconds."""

    count: int
    per_second: float
    p50_ms: float
    p99_ms: float


def timing_of(latencies: Sequence[float], seconds: float) -> Timing:
    """Sum up calls.

    Parameters
    ----------
    latencies
        Of each call, in seconds.
    seconds
        Wall-clock time of all of them; less than their sum when they ran side by side.

    Raises
    ------
    ValueError
        Nothing was measured.
    """
    if not latencies or seconds <= 0:
        raise ValueError("nothing was measured")
    ordered = sorted(latencies)
    return Timing(
        count=len(ordered),
        per_second=len(ordered) / seconds,
        p50_ms=percentile(ordered, 50) * 1000,
        p99_ms=percentile(ordered, 99) * 1000,
    )


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Nearest rank: the smallest value that at least ``percent`` of all do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
