"""Statements that are sent often and take longer to plan than to run: planned once for each connection.

Django binds values into the text on the client's side, which PostgreSQL plans anew each time. Here they are bound on
the server's side, and psycopg prepares the statement from its third run on, unless the database is reached through a
pooler in transaction mode (``DATABASE_TRANSACTION_POOLER``), where a prepared statement may be another client's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.utils import CursorWrapper

from sprechzeit.database.tenancy import current_alias


def statement_beside(file: str, name: str) -> str:
    """The SQL in the folder of ``file``; its comments are for readers, not for the server."""
    lines = (Path(file).parent / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


def fetch_planned(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement that is worth keeping planned; needs the transaction opened by ``acting_for``.

    Rows come in PostgreSQL's binary form, which spares parsing text: moments are aware, in the connection's zone (UTC).
    """
    with _planned(statement, values) as raw:
        return list(raw.fetchall())


def run_planned(statement: str, values: Mapping[str, Any]) -> int:
    """The same for a statement that changes rows: tells how many."""
    with _planned(statement, values) as raw:
        return raw.rowcount


@contextmanager
def _planned(statement: str, values: Mapping[str, Any]) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    connection = connections[current_alias()]
    with psycopg.Cursor(connection.connection) as raw:
        raw.format = psycopg.pq.Format.BINARY
        CursorWrapper(raw, connection).execute(statement, dict(values))
        if connection.queries_logged:  # the benchmark writes statements down, as text with their values
            text = psycopg.ClientCursor(connection.connection).mogrify(statement, dict(values))
            connection.queries_log.append({"sql": text, "time": ""})
        yield raw
