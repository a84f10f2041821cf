"""Load a scale by COPY: make and seal rows in several processes, then build keys, references, statistics."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date

import django
import psycopg
from psycopg import sql

from sprechzeit.bench.lines import COLUMNS
from sprechzeit.bench.progress import Progress
from sprechzeit.bench.rows import rows
from sprechzeit.bench.scale import Plan, Scale, plans
from sprechzeit.bench.structure import execute, take_off

FLUSH = 4_000_000  # characters
PROCESSES = min(2, os.cpu_count() or 1)
GO_ON_COUNTING = sql.SQL("select setval(pg_get_serial_sequence({}, 'id'), max(id)) from {}")
IDENTITIES = ("practice", "location", "resource", "lane", "visit_type")

# Only while loading; the server is started anew with the product's own settings before anything is measured.
SETTINGS = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
}


@dataclass(frozen=True)
class Loaded:
    """How long it took, in seconds."""

    rows: float
    keys: float
    statistics: float

    @property
    def total(self) -> float:
        return self.rows + self.keys + self.statistics


def load(url: str, scale: Scale, today: date, progress: Progress, secret: bytes = b"") -> Loaded:
    """Fill an empty, migrated database.

    Parameters
    ----------
    url
        Logs in as superuser: COPY FROM does not work under row-level security, and constraints are taken off.
    today
        Local day that divides past and future appointments.
    secret
        What the practices' keys come from, beside what the source tells.

    Raises
    ------
    psycopg.errors.ExclusionViolation
        The made-up calendar books something twice; the constraint is built over all of it.
    """
    begun = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=django.setup) as pool,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        structure = take_off(connection, list(COLUMNS))
        planned = plans(scale)
        copying = [pool.submit(copy_practice, url, plan, today, secret) for plan in planned]
        with progress.bar("Sealing and loading", scale.patients + scale.appointments) as advance:
            _await(copying, advance)
        copied = time.monotonic()
        # One task for each table: ``alter table`` of the same one would only wait for the other.
        by_table = sorted(structure.keys.items(), key=lambda item: item[0] != "appointment")
        _in_processes(pool, url, [statements for _table, statements in by_table], progress, "Building indexes")
        _in_processes(pool, url, [structure.references], progress, "Checking references")
        built = time.monotonic()
        for table in IDENTITIES:
            connection.execute(GO_ON_COUNTING.format(sql.Literal(table), sql.Identifier(table)))
        _in_processes(pool, url, [[f'vacuum (analyze) "{table}"'] for table in COLUMNS], progress, "Statistics")
        connection.execute("checkpoint")
    return Loaded(copied - begun, built - copied, time.monotonic() - built)


def copy_practice(url: str, plan: Plan, today: date, secret: bytes = b"") -> int:
    """Make, seal and copy all rows of one practice; tell how many patients and appointments."""
    waiting: dict[str, list[str]] = {table: [] for table in COLUMNS}
    sizes = dict.fromkeys(COLUMNS, 0)
    with psycopg.connect(url, options="-c session_replication_role=replica") as connection:
        for table, line in rows(plan, today, secret):
            waiting[table].append(line)
            sizes[table] += len(line)
            if sizes[table] > FLUSH:
                _copy(connection, table, waiting[table])
                sizes[table] = 0
        for table, lines in waiting.items():
            _copy(connection, table, lines)
    return plan.patients + plan.appointments


def _copy(connection: psycopg.Connection, table: str, lines: list[str]) -> None:
    if not lines:
        return
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in COLUMNS[table].split(", "))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines))
    lines.clear()


def _in_processes(
    pool: ProcessPoolExecutor, url: str, tasks: Sequence[Sequence[str]], progress: Progress, title: str
) -> None:
    with progress.bar(title, sum(len(statements) for statements in tasks)) as advance:
        _await([pool.submit(_run, url, list(statements)) for statements in tasks], advance)


def _run(url: str, statements: list[str]) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            execute(connection, statement)
    return len(statements)


def _await(tasks: Sequence[Future[int]], advance: Callable[[int], None]) -> None:
    for task in as_completed(tasks):
        advance(task.result())
