from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.processes import postmaster


def ask(server: EmbeddedServer, query: str, database: str = "postgres") -> object:
    with psycopg.connect(server.url("postgres", database)) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_the_first_start_creates_the_cluster_and_answers(own_server: EmbeddedServer) -> None:
    told: list[str] = []

    own_server.start(told.append)

    assert own_server.is_running()
    assert str(ask(own_server, "show server_version")).startswith("18.")
    assert "Creating the database cluster" in told


def test_the_cluster_has_checksums_and_unicode_and_no_locale_of_the_machine(
    quiet_server: EmbeddedServer,
) -> None:
    assert ask(quiet_server, "show data_checksums") == "on"
    assert ask(quiet_server, "show server_encoding") == "UTF8"
    assert ask(quiet_server, "select datlocale from pg_database where datname = current_database()") == "C.UTF-8"
    assert ask(quiet_server, "select lower('ÄÖÜ')") == "äöü"
    assert ask(quiet_server, "show timezone") == "UTC"


def test_a_second_start_adopts_the_running_server(own_server: EmbeddedServer) -> None:
    own_server.start()
    before = postmaster(own_server.place)

    EmbeddedServer(own_server.place.folder).start()

    assert before is not None
    assert postmaster(own_server.place) == before


def test_two_processes_that_start_at_once_end_with_one_server(own_server: EmbeddedServer) -> None:
    script = (
        "import sys; from pathlib import Path; from sprechzeit.database.embedded import EmbeddedServer; "
        "s = EmbeddedServer(Path(sys.argv[1])); s.start(); s.ensure_roles_and_database('sprechzeit'); "
        "from sprechzeit.database.embedded.processes import postmaster; print(postmaster(s.place))"
    )
    command = [sys.executable, "-c", script, str(own_server.place.folder)]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0].strip() for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1] == str(postmaster(own_server.place))


def test_a_stopped_server_starts_again_with_its_data(own_server: EmbeddedServer) -> None:
    own_server.start()
    with psycopg.connect(own_server.url("postgres", "postgres")) as connection:
        connection.execute("create table kept as select 42 as value")
    own_server.stop()

    own_server.start()

    assert ask(own_server, "select value from kept") == 42


def test_ctrl_c_in_the_terminal_does_not_reach_it(quiet_server: EmbeddedServer) -> None:
    pid = postmaster(quiet_server.place)

    assert pid is not None
    assert os.getsid(pid) != os.getsid(0)
    assert os.getpgid(pid) != os.getpgid(0)


def test_settings_of_the_caller_win_over_our_defaults(own_server: EmbeddedServer) -> None:
    server = EmbeddedServer(own_server.place.folder, settings={"work_mem": "5MB"})

    server.start()

    assert ask(server, "show work_mem") == "5MB"
    assert ask(server, "show max_connections") == "150"


def test_variables_of_the_caller_do_not_reach_the_server(
    own_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nonexistent")
    monkeypatch.setenv("LC_ALL", "xx_XX.nonsense")

    own_server.start()

    assert own_server.is_running()
