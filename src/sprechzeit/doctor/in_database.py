"""The database as each role sees it: powers, policies, encryption, clock, migrations."""

from __future__ import annotations

from datetime import timedelta

import psycopg
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader

from sprechzeit import clock
from sprechzeit.database.catalogue import log_in_is_superuser, powers, unsafe_tables
from sprechzeit.database.connections import ALIAS_OF_ROLE, direct_parameters
from sprechzeit.database.roles import APPLICATION
from sprechzeit.doctor.check import Check, not_checked, ok, wrong

APART = timedelta(seconds=2)
ALIASES = [alias for alias, role in ALIAS_OF_ROLE.items() if role in APPLICATION]


def check_database() -> list[Check]:
    """Every application role is powerless, and what it sees of the catalogue is right."""
    checks: list[Check] = []
    walked = False
    for alias in ALIASES:
        role = ALIAS_OF_ROLE[alias].value
        try:
            with psycopg.connect(**direct_parameters(alias), connect_timeout=5, autocommit=True) as connection:
                checks.append(_role(role, connection))
                if not walked:
                    walked = True
                    checks += [_policies(connection), _encryption(connection), _clock(connection)]
        except psycopg.Error as error:
            checks.append(not_checked(f"role {role}", f"it cannot connect ({type(error).__name__})"))
    return checks


def _role(role: str, connection: psycopg.Connection) -> Check:
    name = f"role {role}"
    if found := powers(connection):
        return wrong(
            name,
            f"it {found}",
            f"Run sprechzeit migrate, or as superuser: alter role {role} nosuperuser "
            "nobypassrls nocreatedb nocreaterole; give its tables to the owner.",
            is_fatal=True,
        )
    if log_in_is_superuser(connection):
        return wrong(name, "a superuser logs in and puts it on", "Give each role a log-in: DATABASE_URL_DESK, …")
    return ok(name, "it owns nothing and has no powers")


def _policies(connection: psycopg.Connection) -> Check:
    name = "row-level security"
    if found := unsafe_tables(connection):
        mend = "Run sprechzeit migrate; each table with practice_id needs forced row-level security and a policy."
        return wrong(name, f"not forced, or no policy: {', '.join(found)}", mend, is_fatal=True)
    return ok(name, "forced on every table with a practice")


def _encryption(connection: psycopg.Connection) -> Check:
    name = "encryption to the database"
    if connection.info.host.startswith("/") or connection.info.host in {"", "localhost", "127.0.0.1", "::1"}:
        return ok(name, "it is on this machine")
    if connection.pgconn.ssl_in_use:
        return ok(name, "TLS")
    return wrong(name, "the connection is in clear text", "Add ?sslmode=verify-full to DATABASE_URL.", is_fatal=True)


def _clock(connection: psycopg.Connection) -> Check:
    name = "clock against the database's"
    row = connection.execute("select clock_timestamp()").fetchone()
    apart = abs(clock.now() - row[0]) if row else APART
    if apart >= APART:
        return wrong(name, f"{apart.total_seconds():.1f} s apart", "Run a time service (chrony) on both machines.")
    return ok(name, f"{apart.total_seconds() * 1000:.0f} ms apart")


def check_migrations() -> Check:
    """As the owner: whoever cannot log in as it cannot tell."""
    name = "migrations"
    try:
        loader = MigrationLoader(connections["owner"])
        pending = loader.graph.nodes.keys() - loader.applied_migrations.keys()  # also one in the midst of applied ones
    except DatabaseError as error:
        return not_checked(name, f"the owner cannot connect ({type(error).__name__})")
    finally:
        connections["owner"].close()
    if pending:
        return wrong(name, f"{len(pending)} are pending", "Run sprechzeit migrate.", is_fatal=True)
    return ok(name, "none is pending")
