"""Walk the catalogue: the role support reads the named columns, and of a practice only while a session runs."""

from __future__ import annotations

import importlib

import psycopg
import pytest
from django.db import connections

from sprechzeit.database.connections import direct_parameters

READABLE: dict[str, str] = importlib.import_module("sprechzeit.support.migrations.0002_policies").READABLE
ITS_OWN = {"support_session"}
PERSONAL = ("sealed", "wrapped", "secret", "hash", "email", "phone", "name", "note", "facts", "credential", "address")
NAMES_OF_THINGS = {("resource", "name"), ("visit_type", "name_de"), ("practice", "confirm_email")}


def rows(statement: str) -> list[tuple[str, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def readable_columns() -> set[tuple[str, str]]:
    found = rows(
        """
        select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
            and a.attnum > 0 and not a.attisdropped
            and has_column_privilege('sprechzeit_support', c.oid, a.attnum, 'select')
        """
    )
    return {(table, column) for table, column in found}


def test_it_reads_the_named_columns_and_no_other() -> None:
    named = {(table, column) for table, columns in READABLE.items() for column in columns.split(", ")}

    assert {one for one in readable_columns() if one[0] not in ITS_OWN} == named


def test_none_of_them_is_sealed_a_secret_or_about_a_person() -> None:
    suspicious = {one for one in readable_columns() if any(word in one[1] for word in PERSONAL)}

    assert suspicious == NAMES_OF_THINGS
    assert not {table for table, _ in readable_columns()} & {"patient", "intake", "member", "key_grant", "audit_event"}


def test_each_of_its_tables_asks_whether_a_session_runs() -> None:
    restricted = rows(
        """
        select polrelid::regclass::text from pg_policy
        where not polpermissive and 'sprechzeit_support'::regrole = any(polroles) and polcmd = 'r'
        """
    )

    assert {table for (table,) in restricted} == set(READABLE)


def test_it_changes_nothing_anywhere() -> None:
    writable = rows(
        """
        select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and (has_any_column_privilege('sprechzeit_support', c.oid, 'insert')
                or has_any_column_privilege('sprechzeit_support', c.oid, 'update')
                or has_table_privilege('sprechzeit_support', c.oid, 'delete, truncate'))
        """
    )

    assert writable == []


def test_it_runs_no_function_of_ours_but_one() -> None:
    runnable = rows(
        """
        select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
            and has_function_privilege('sprechzeit_support', p.oid, 'execute')
        """
    )

    assert {name for (name,) in runnable} <= {"support_jobs"}


@pytest.mark.parametrize(
    "statement",
    ["select * from patient", "select sealed from intake", "select facts from message", "select * from practice"],
)
def test_it_is_refused_by_the_database(statement: str) -> None:
    with (
        psycopg.connect(**direct_parameters("support"), autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)
