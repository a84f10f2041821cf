"""A row of a practice in any table, made of nothing but the columns' types, where the practice has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

REQUIRED = """
    select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a
    where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and a.attidentity = '' and (a.attnotnull and not a.atthasdef or a.attname = 'practice_id')
"""
VALUES: dict[str, Callable[[], str]] = {
    "uuid": lambda: str(uuid4()), "bytea": lambda: "\\x" + uuid4().hex * 2, "date": lambda: "2031-01-06",
    "timestamp with time zone": lambda: "2031-01-06 09:00Z", "boolean": lambda: "false", "jsonb": lambda: "{}",
    "time without time zone": lambda: "09:00", "tstzrange": lambda: "[2031-01-06 09:00Z,2031-01-06 10:00Z)",
    "bit(4096)": lambda: "0" * 4096,
}  # fmt: skip  # lines grouped by hand
# What the tables' own checks want besides.
MORE = {
    "consent": {"patient_id": str(uuid4())},
    "waiting_entry": {"patient_id": str(uuid4())},
    "retention_rules": {"keep_intake_days": "400", "keep_appointment_days": "400", "keep_trail_days": "400"},
    "recall": {"invitations": "0"},
    "incident": {"happened_until": "2031-01-06 10:00Z"},
    "rights_request": {"state": "open", "refusal": "", "identity": ""},
    "saved_view": {"zoom": "15"},
    "question": {"if_yes": "", "if_no": ""},
}
HAS = "select to_jsonb(one) from {table} one where practice_id = %s limit 1"


def make_up_row(connection: psycopg.Connection[Any], table: str, practice: int) -> dict[str, Any]:
    """The practice's first row in the table, made first where there is none. Needs the superuser, in a transaction.

    No trigger and no reference is checked for it: it is there to be reached or not, and is never committed.
    """
    name = sql.Identifier(table)
    found = connection.execute(sql.SQL(HAS).format(table=name), [practice]).fetchone()
    if found is None:
        columns = connection.execute(REQUIRED, [f'public."{table}"']).fetchall()
        values = {column: str(practice) if column == "practice_id" else _value(kind) for column, kind in columns}
        values |= MORE.get(table, {})
        listed = sql.SQL(", ").join(map(sql.Identifier, values))
        connection.execute("set local session_replication_role = replica")
        connection.execute(
            sql.SQL("insert into {t} ({c}) select {c} from json_populate_record(null::{t}, %s)").format(
                t=name, c=listed
            ),
            [json.dumps(values)],
        )
        connection.execute("set local session_replication_role = origin")
        found = connection.execute(sql.SQL(HAS).format(table=name), [practice]).fetchone()
    return dict(found[0]) if found else {}


def _value(kind: str) -> str:
    if kind in VALUES:
        return VALUES[kind]()
    if kind.endswith("[]"):
        return "{}"
    return "7" if "int" in kind or "numeric" in kind else "x"
