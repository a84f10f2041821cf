"""Availability as the product computes it, against its SQL alone; runs inside (``bench/inside.py``).

The reference is the very statement that ``free_slots`` sends, prepared, on one plain connection of the same
role, with nothing around it: no transaction, no Django, no slots made of the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connections

from sprechzeit import clock
from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.sample import Sample, samples
from sprechzeit.bench.scale import Scale
from sprechzeit.bench.timing import timing_of
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import current_alias, wearing
from sprechzeit.timetable.availability import Slot, free_slots

SPAN = timedelta(days=31)
# Outside of the clock and for the session: the transaction that it costs is the product's own.
ACT_FOR = "select set_config('sprechzeit.practice', %s, false)"

Statement = tuple[str, Any]
Times = Callable[[], list[float]]


def run(scale: dict[str, Any], url: str, count: int, rounds: int) -> dict[str, Any]:
    """Measure both in turns, the first round of each uncounted; ``url`` logs in as the front's role."""
    since = clock.now()
    chosen = samples(Scale(**scale), count)
    with wearing(Role.FRONT), psycopg.connect(url, autocommit=True) as connection:
        statements = [_statement_of(sample, since) for sample in chosen]

        def product() -> list[float]:
            return [_timed(lambda: _free(sample, since)) for sample in chosen]  # noqa: B023 - called at once

        def bare() -> list[float]:
            return [_bare(connection, *pair) for pair in zip(chosen, statements, strict=True)]

        slots = sum(len(_free(sample, since)) for sample in chosen) / len(chosen)
        measured = _in_turns(product, bare, rounds)
    return {
        "slots": slots,
        **{name: asdict(timing_of(times, sum(times))) for name, times in measured.items()},
    }


def _in_turns(product: Times, bare: Times, rounds: int) -> dict[str, list[float]]:
    product()
    bare()
    measured: dict[str, list[float]] = {"product": [], "reference": []}
    for _ in range(rounds):
        measured["product"] += product()
        measured["reference"] += bare()
    return measured


def _free(sample: Sample, since: datetime) -> list[Slot]:
    return free_slots(sample.practice, sample.visit_type, since, since + SPAN, resource=sample.resource)


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _bare(connection: psycopg.Connection, sample: Sample, statement: Statement) -> float:
    query, parameters = statement
    connection.execute(ACT_FOR, [str(sample.practice)])
    return _timed(lambda: connection.execute(query, parameters, prepare=True).fetchall())


def _statement_of(sample: Sample, since: datetime) -> Statement:
    """The statement that asks for free time, as it is handed to the driver."""
    seen: list[Statement] = []

    def look(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if "range_agg" in sql:
            seen.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connections[current_alias()].execute_wrapper(look):
        _free(sample, since)
    if len(seen) != 1:
        raise BenchError(f"availability is made of {len(seen)} statements with range_agg, not of one")
    return seen[0]
