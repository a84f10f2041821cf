"""What stands in one practice's rows, in all tables: two of them are the same, or somebody changed something."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg import sql

OF_PRACTICES = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and a.attname = 'practice_id' and not a.attisdropped
        and c.relnamespace = 'public'::regnamespace
    order by c.relname
"""
SUM = """
    select count(*), md5(coalesce(string_agg(md5(one::text), '' order by md5(one::text)), ''))
    from {table} one where practice_id = %s
"""
KEPT_UP = {"next_free"}  # the worker looks every few seconds when the next free times are, and notes when it looked

Sums = dict[str, tuple[int, str]]  # table -> rows, sum


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Those with ``practice_id``, by name."""
    return [name for (name,) in connection.execute(OF_PRACTICES)]


def checksums(connection: psycopg.Connection[Any], practice: int) -> Sums:
    """Rows and sum of each table, of this practice's rows. Needs the superuser."""
    found = {}
    for table in set(tables(connection)) - KEPT_UP:
        query = sql.SQL(SUM).format(table=sql.Identifier(table))
        found[table] = connection.execute(query, [practice]).fetchone() or (0, "")
    (own,) = connection.execute("select md5(practice::text) from practice where id = %s", [practice]).fetchone() or (
        "",
    )
    return {**found, "practice": (1, own)}


def settled_checksums(connection: psycopg.Connection[Any], practice: int, patience: float = 20.0) -> Sums:
    """As ``checksums``, once the worker is done with what the drill itself has put in: twice the same."""
    end = time.monotonic() + patience
    before = checksums(connection, practice)
    while True:
        time.sleep(1.5)
        now = checksums(connection, practice)
        if now == before or time.monotonic() > end:
            return now
        before = now
