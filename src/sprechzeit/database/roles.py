"""The roles of the database, and how they and an empty database come to be.

No role of the application is a superuser, bypasses row-level security or owns a table; only ``owner``, used
by migrations, owns anything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import LiteralString

import psycopg
from psycopg import sql


class Role(StrEnum):
    OWNER = "sprechzeit_owner"
    DESK = "sprechzeit_desk"
    FRONT = "sprechzeit_front"
    WORKER = "sprechzeit_worker"
    SUPPORT = "sprechzeit_support"


APPLICATION = (Role.DESK, Role.FRONT, Role.WORKER, Role.SUPPORT)
_POWERLESS: LiteralString = "login nosuperuser nobypassrls nocreatedb nocreaterole noreplication"
_IS_WRONG = """
    select rolname,
        not rolcanlogin or rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication
    from pg_roles where rolname = any(%s)
"""
_IS_SUPERUSER = "select rolsuper from pg_roles where rolname = current_user"


def ensure_roles(connection: psycopg.Connection) -> None:
    """Create the five roles where they are missing, and take every power from those that have one.

    A log-in that is no superuser (a managed PostgreSQL) becomes a member of them, so that it can put them on.
    """
    with connection.transaction():
        is_wrong: dict[str, bool] = dict(connection.execute(_IS_WRONG, [[role.value for role in Role]]).fetchall())
        for role in Role:
            name = sql.Identifier(role.value)
            if role.value not in is_wrong:
                connection.execute(sql.SQL("create role {} " + _POWERLESS).format(name))
            elif is_wrong[role.value]:
                connection.execute(sql.SQL("alter role {} " + _POWERLESS).format(name))
        if connection.execute(_IS_SUPERUSER).fetchone() == (False,):
            for role in Role:
                connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(role.value)))


def ensure_database(connection: psycopg.Connection, name: str) -> None:
    """Create the database where it is missing and close it to everybody but our roles.

    Parameters
    ----------
    connection
        To any database of the server, in autocommit; its log-in must reach the new database too.
    """
    database, owner = sql.Identifier(name), sql.Identifier(Role.OWNER.value)
    application = sql.SQL(", ").join(sql.Identifier(role.value) for role in APPLICATION)
    found = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
    if not found:
        create = sql.SQL("create database {} owner {} encoding 'UTF8' template template0")
        connection.execute(create.format(database, owner))
    connection.execute(sql.SQL("alter database {} owner to {}").format(database, owner))
    connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    connection.execute(sql.SQL("grant connect on database {} to {}").format(database, application))
    info = connection.info
    with psycopg.connect(info.dsn, dbname=name, password=info.password or None, autocommit=True) as inside:
        inside.execute("revoke all on schema public from public")
        inside.execute(sql.SQL("grant usage, create on schema public to {}").format(owner))
        inside.execute(sql.SQL("grant usage on schema public to {}").format(application))
