"""What the catalogue says about tables and roles: the rules of row-level security, walked in the running database."""

from __future__ import annotations

from typing import LiteralString

import psycopg

WITH_PRACTICE: LiteralString = """
    select c.relname, c.relrowsecurity, c.relforcerowsecurity,
           (select count(*) from pg_policy p where p.polrelid = c.oid)
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and a.attname = 'practice_id' and not a.attisdropped
      and c.relnamespace = 'public'::regnamespace
    order by c.relname
"""
ROLE_POWERS: LiteralString = """
    select concat_ws(', ',
        case when r.rolsuper then 'is a superuser' end,
        case when r.rolbypassrls then 'bypasses row-level security' end,
        case when r.rolcreaterole then 'may create roles' end,
        case when r.rolcreatedb then 'may create databases' end,
        case when has_schema_privilege(r.oid, 'public', 'create') then 'may create tables' end,
        case when exists (
            select 1 from pg_class c where c.relowner = r.oid and c.relpersistence <> 't'
        ) then 'owns tables' end)
    from pg_roles r where r.rolname = current_user
"""


def unsafe_tables(connection: psycopg.Connection) -> list[str]:
    """Tables with ``practice_id`` whose row-level security is off, not forced, or without a policy."""
    found = connection.execute(WITH_PRACTICE).fetchall()
    return [name for name, enabled, forced, policies in found if not (enabled and forced and policies)]


def powers(connection: psycopg.Connection) -> str:
    """What the present role may do that no role of the application may; empty when it is right."""
    row = connection.execute(ROLE_POWERS).fetchone()
    return str(row[0]) if row else ""


def log_in_is_superuser(connection: psycopg.Connection) -> bool:
    """Whether who logged in, before a role was put on, is a superuser."""
    row = connection.execute("select rolsuper from pg_roles where rolname = session_user").fetchone()
    return bool(row and row[0])
