"""The database's own roles, told to act for one practice, at another's rows: every table, every kind of statement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from sprechzeit.database.roles import APPLICATION, Role
from sprechzeit.drill.checksum import tables
from sprechzeit.drill.made_up_row import make_up_row
from sprechzeit.drill.scene import Scene

COLUMNS = """
    select a.attname, has_column_privilege(%(role)s, c.oid, a.attnum, 'select'),
        has_column_privilege(%(role)s, c.oid, a.attnum, 'insert'),
        has_column_privilege(%(role)s, c.oid, a.attnum, 'update'), has_table_privilege(%(role)s, c.oid, 'delete'),
        a.attgenerated <> '' or a.attidentity = 'a'
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.oid = %(table)s::regclass and a.attnum > 0 and not a.attisdropped
"""
SECRETS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and (column_name like '%%sealed%%' or column_name in ('key', 'wrapped'))
        and data_type in ('bytea', 'USER-DEFINED')
    order by 1, 2
"""
ACT = "select set_config('sprechzeit.practice', %s, true)"
PUBLIC = {"next_free"}  # the next free times of all practices that want to be found: what the public search shows
FOR_MAIL = {("message", "sealed"), ("notifier_address", "sealed")}  # sealed to the worker, which sends it


@dataclass
class Walked:
    """How many statements were tried, what they reached, and the control."""

    statements: int = 0
    planted: int = 0
    seen: int = 0
    sealed: int = 0
    sealed_for_desk: int = 0
    patients: int = 0
    appointments: int = 0
    members: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rights:
    """What a role may do with a table's columns."""

    table: str
    select: tuple[str, ...]
    insert: tuple[str, ...]
    update: tuple[str, ...]
    delete: bool


def walk_roles(scene: Scene, own: int, other: int) -> Walked:
    """Everything happens in one transaction that is rolled back, so that a hole does no harm to the rest of the drill.

    Tables in which the other has no row get one that is made up, for the length of this transaction.
    """
    walked = Walked()
    with psycopg.connect(scene.url()) as connection:
        names = tables(connection)
        rows = {table: make_up_row(connection, table, other) for table in names}
        for role in APPLICATION:
            for table in names:
                rights = _rights(connection, role, table)
                for practice in (own, None):
                    for what, count in _tries(connection, role, rights, practice, other, rows[table]):
                        walked.statements += 1
                        if count:
                            walked.wrong.append(f"{role.name} acting for {practice or 'none'} may {what} in {table}")
                            _count(walked, table, what, count)
                if "practice_id" in rights.select and role is not Role.SUPPORT:  # it sees nothing without a session
                    walked.planted += 1
                    walked.seen += _visible(connection, role, rights, other, other) > 0
        _sealed(connection, walked, other)
        connection.rollback()
    return walked


def _count(walked: Walked, table: str, what: str, count: int) -> None:
    if table in {"patient", "intake"}:
        walked.patients = max(walked.patients, count)
    if table == "appointment":
        walked.appointments = max(walked.appointments, count)
    if table == "membership":
        walked.members = max(walked.members, count)


def _rights(connection: psycopg.Connection[Any], role: Role, table: str) -> Rights:
    found = connection.execute(COLUMNS, {"role": role.value, "table": f'public."{table}"'}).fetchall()
    return Rights(
        table,
        tuple(one[0] for one in found if one[1]),
        tuple(one[0] for one in found if one[2] and not one[5]),
        tuple(one[0] for one in found if one[3] and not one[5]),
        any(one[4] for one in found),
    )


def _tries(
    connection: psycopg.Connection[Any],
    role: Role,
    rights: Rights,
    practice: int | None,
    other: int,
    row: dict[str, Any],
) -> Iterator[tuple[str, int]]:
    """What was tried, and how many of the other's rows it reached."""
    table = sql.Identifier(rights.table)
    named = "practice_id" in rights.select
    if named and rights.table not in PUBLIC:
        yield "read", _visible(connection, role, rights, practice, other)
    if rights.insert:
        columns = sql.SQL(", ").join(map(sql.Identifier, rights.insert))
        query = sql.SQL("insert into {t} ({c}) select {c} from json_populate_record(null::{t}, %s)").format(
            t=table, c=columns
        )
        yield "insert", _run(connection, role, practice, query, [json.dumps(row)])
    if rights.update and named:
        column = sql.Identifier(rights.update[0])
        one = sql.SQL("update {} set {} = {} where practice_id = %s").format(table, column, sql.SQL("default"))
        same = sql.SQL("update {} set {c} = {c} where practice_id = %s").format(table, c=column)
        readable = rights.update[0] in rights.select
        yield "change", _run(connection, role, practice, same if readable else one, [other])
    if "practice_id" in rights.update and named and practice is not None:
        query = sql.SQL("update {} set practice_id = %s where practice_id = %s").format(table)
        yield "give away rows", _run(connection, role, practice, query, [other, practice])
    if rights.delete and named:
        query = sql.SQL("delete from {} where practice_id = %s").format(table)
        yield "delete", _run(connection, role, practice, query, [other])
    if rights.delete and not named:
        yield "delete", _run(connection, role, practice, sql.SQL("delete from {}").format(table), [])


def _visible(connection: psycopg.Connection[Any], role: Role, rights: Rights, practice: int | None, other: int) -> int:
    query = sql.SQL("select {} from {} where practice_id = %s").format(
        sql.SQL(", ").join(map(sql.Identifier, rights.select)), sql.Identifier(rights.table)
    )
    return _run(connection, role, practice, query, [other])


def _run(
    connection: psycopg.Connection[Any], role: Role, practice: int | None, query: sql.Composed, values: list[Any]
) -> int:
    """Rows that it reached; none when the database refuses it for want of a right. Nothing of it stays.

    A constraint is looked at after the policies: what only a constraint stopped had got past them.
    """
    try:
        with connection.transaction() as inner:
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role.value)))
            connection.execute(ACT, [str(practice or "")])
            count = connection.execute(query, values).rowcount
            raise psycopg.Rollback(inner)
    except InsufficientPrivilege:
        return 0
    except psycopg.IntegrityError:
        return 1
    return count


def _sealed(connection: psycopg.Connection[Any], walked: Walked, other: int) -> None:
    """What only a session may open, the patients' side cannot even fetch; the desk can."""
    for table, column in connection.execute(SECRETS).fetchall():
        query = sql.SQL("select {} from {}").format(sql.Identifier(column), sql.Identifier(table))
        walked.sealed += 1
        if _may(connection, Role.FRONT, other, query):
            walked.wrong.append(f"FRONT may read {table}.{column}")
        walked.sealed_for_desk += (table, column) in FOR_MAIL or _may(connection, Role.DESK, other, query)


def _may(connection: psycopg.Connection[Any], role: Role, practice: int, query: sql.Composed) -> bool:
    try:
        with connection.transaction() as inner:
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role.value)))
            connection.execute(ACT, [str(practice)])
            connection.execute(query + sql.SQL(" limit 1"))
            raise psycopg.Rollback(inner)
    except InsufficientPrivilege:
        return False
    return True
