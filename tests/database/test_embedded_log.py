"""Nothing that a statement holds may reach the server's log: statements hold what patients typed."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress

import psycopg
import pytest

from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.processes import wait_until

MARKER = "Mustermann7c1e"

FAILING = {
    "a value of the wrong type": f"select '{MARKER}'::int",
    "an unknown column": f"select {MARKER} from pg_class",
    "broken syntax": f"selekt {MARKER}",
    "a key that exists": f"insert into seen values ('{MARKER}'), ('{MARKER}')",
    "a row that a check refuses": f"insert into seen values ('{MARKER} too long')",
    "a block that raises": f"do $$ begin raise exception 'no {MARKER}' using detail = '{MARKER}'; end $$",
    "a block that warns": f"do $$ begin raise warning '{MARKER}'; end $$",
}


def log_of(server: EmbeddedServer) -> str:
    return server.place.log.read_text(encoding="utf-8")


@pytest.fixture
def seen(superuser: psycopg.Connection) -> psycopg.Connection:
    superuser.execute("create table if not exists seen (name text primary key check (length(name) < 20))")
    return superuser


@pytest.mark.parametrize("statement", FAILING.values(), ids=FAILING.keys())
def test_a_failing_statement_leaves_no_trace(
    quiet_server: EmbeddedServer, seen: psycopg.Connection, statement: str
) -> None:
    with suppress(psycopg.Error):
        seen.execute(statement)

    assert MARKER.lower() not in log_of(quiet_server).lower()
    assert "ready to accept connections" in log_of(quiet_server)


def test_parameters_leave_no_trace(quiet_server: EmbeddedServer, seen: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        seen.execute("insert into seen values (%s)", [f"{MARKER} is too long a name"], prepare=True)

    assert MARKER not in log_of(quiet_server)


def test_a_role_of_the_application_cannot_switch_it_on(quiet_server: EmbeddedServer) -> None:
    with psycopg.connect(quiet_server.url("sprechzeit_owner", "sprechzeit"), autocommit=True) as connection:
        for name, value in {
            "log_statement": "all",
            "log_min_messages": "debug5",
            "log_error_verbosity": "verbose",
        }.items():
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"set {name} = '{value}'")
        with suppress(psycopg.Error):
            connection.execute("set debug_print_parse = on")
            connection.execute(f"select '{MARKER}'")

    assert MARKER not in log_of(quiet_server)


def test_a_session_that_crashes_leaves_no_statement(own_server: EmbeddedServer) -> None:
    own_server.start()
    victim = psycopg.connect(own_server.url("postgres", "postgres"), autocommit=True)

    def sleep() -> None:
        with suppress(psycopg.Error):
            victim.execute(f"select pg_sleep(60) /* {MARKER} */")

    sleeping = threading.Thread(target=sleep)
    sleeping.start()
    with psycopg.connect(own_server.url("postgres", "postgres"), autocommit=True) as watching:
        busy = "select count(*) from pg_stat_activity where query like '%%pg_sleep(60)%%' and pid = %s"
        assert wait_until(lambda: watching.execute(busy, [victim.info.backend_pid]).fetchone() == (1,), 10)
        os.kill(victim.info.backend_pid, signal.SIGSEGV)
        sleeping.join(20)
    victim.close()

    assert wait_until(lambda: "was terminated by signal" in log_of(own_server), 10)
    assert MARKER not in log_of(own_server)
    assert wait_until(own_server.is_running, 20)


def test_settings_that_would_fill_the_log_or_open_the_server_are_refused(own_server: EmbeddedServer) -> None:
    for name in ("log_statement", "log_min_messages", "debug_print_plan", "listen_addresses", "hba_file"):
        with pytest.raises(ValueError, match=name):
            EmbeddedServer(own_server.place.folder, settings={name: "x"})
