"""Walk the catalogue: no table with a practice's data may be without forced row-level security."""

from __future__ import annotations

import pytest
from django.db import connections

from sprechzeit.database.catalogue import WITH_PRACTICE, unsafe_tables

REFERENCES = """
    select con.conname, rel.relname, target.relname
    from pg_constraint con
    join pg_class rel on rel.oid = con.conrelid join pg_class target on target.oid = con.confrelid
    where con.contype = 'f'
      and exists (select 1 from pg_attribute a where a.attrelid = rel.oid and a.attname = 'practice_id')
      and exists (select 1 from pg_attribute a where a.attrelid = target.oid and a.attname = 'practice_id')
      and not exists (
        select 1 from pg_attribute a
        where a.attrelid = rel.oid and a.attname = 'practice_id' and a.attnum = any (con.conkey)
      )
"""
# An occupancy's reasons are found by a random identifier that nobody outside the practice is told.
PLAIN_REFERENCES_ALLOWED = {("occupancy", "appointment"), ("occupancy", "hold"), ("occupancy", "block")}


def rows(query: str) -> list[tuple]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_every_table_with_a_practice_forces_row_level_security() -> None:
    found = rows(WITH_PRACTICE)

    assert len(found) > 15
    assert [name for name, enabled, forced, policies in found if not (enabled and forced and policies)] == []


def test_the_walk_notices_a_table_without_a_policy() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("create table forgotten (practice_id bigint)")
        try:
            unsafe = unsafe_tables(connections["owner"].connection)
        finally:
            cursor.execute("drop table forgotten")

    assert unsafe == ["forgotten"]


def test_references_between_tenants_tables_compare_the_practice() -> None:
    plain = {(table, target) for _, table, target in rows(REFERENCES)}

    assert plain == PLAIN_REFERENCES_ALLOWED


@pytest.mark.parametrize("role", ["sprechzeit_owner", "sprechzeit_desk", "sprechzeit_front", "sprechzeit_worker"])
def test_no_role_bypasses_policies(role: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = %s", [role]
        )

        assert cursor.fetchone() == (False, False, False, False)


def test_the_applications_roles_own_nothing() -> None:
    owners = {owner for (owner,) in rows("select distinct tableowner from pg_tables where schemaname = 'public'")}

    assert owners == {"sprechzeit_owner"}


def test_the_patients_side_cannot_read_a_sealed_column() -> None:
    readable = rows(
        """
        select table_name, column_name from information_schema.columns
        where table_schema = 'public'
          and (column_name like '%sealed%' or column_name = 'wrapped')
          and has_column_privilege('sprechzeit_front', quote_ident(table_name), column_name, 'select')
        """
    )

    assert readable == []
