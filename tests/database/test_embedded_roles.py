from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.roles import APPLICATION, Role, ensure_database, ensure_roles


@pytest.fixture
def stranger(superuser: psycopg.Connection) -> Iterator[LiteralString]:
    superuser.execute("create role stranger login")
    yield "stranger"
    superuser.execute("drop role stranger")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_logs_in_and_has_no_power(superuser: psycopg.Connection, role: Role) -> None:
    powers = superuser.execute(
        "select rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
        " from pg_roles where rolname = %s",
        [role.value],
    ).fetchone()

    assert powers == (True, False, False, False, False, False)


def test_a_power_that_somebody_gave_is_taken_again(superuser: psycopg.Connection) -> None:
    superuser.execute("alter role sprechzeit_desk bypassrls createdb")

    ensure_roles(superuser)

    test_a_role_logs_in_and_has_no_power(superuser, Role.DESK)


def test_making_them_again_changes_nothing(quiet_server: EmbeddedServer) -> None:
    quiet_server.ensure_roles_and_database("sprechzeit")
    quiet_server.ensure_roles_and_database("sprechzeit")


@pytest.mark.parametrize("role", APPLICATION)
def test_an_application_role_connects_but_creates_nothing(quiet_server: EmbeddedServer, role: Role) -> None:
    with psycopg.connect(quiet_server.url(role, "sprechzeit"), autocommit=True) as connection:
        for statement in (
            "create table mine (a int)",
            "create temporary table mine (a int)",
            "create schema mine",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_owner_owns_the_database_and_creates_tables(quiet_server: EmbeddedServer) -> None:
    with psycopg.connect(quiet_server.url(Role.OWNER, "sprechzeit")) as connection:
        connection.execute("create table probe (a int)")
        connection.rollback()


def test_the_database_is_closed_to_every_other_role(superuser: psycopg.Connection, stranger: str) -> None:
    for privilege in ("connect", "temporary", "create"):
        allowed = superuser.execute("select has_database_privilege(%s, 'sprechzeit', %s)", [stranger, privilege])
        assert allowed.fetchone() == (False,)
    usage = superuser.execute("select has_schema_privilege(%s, 'public', 'usage')", [stranger])
    assert usage.fetchone() == (False,)


def test_a_manager_who_is_no_superuser_can_make_them_too_and_put_them_on(own_server: EmbeddedServer) -> None:
    own_server.start()
    with psycopg.connect(own_server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("create role manager login createrole createdb")
    as_manager = own_server.url("postgres", "postgres") + "&options=-c%20role%3Dmanager"

    with psycopg.connect(as_manager, autocommit=True) as connection:
        for _ in range(2):
            ensure_roles(connection)
            ensure_database(connection, "sprechzeit")
        connection.execute("set role sprechzeit_worker")

    with psycopg.connect(own_server.url(Role.FRONT, "sprechzeit")) as connection:
        assert connection.execute("select current_user").fetchone() == ("sprechzeit_front",)
