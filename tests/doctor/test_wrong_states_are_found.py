"""Each wrong state is really made, and found; the sound one gives no "wrong"."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from sprechzeit import clock
from sprechzeit.database.catalogue import unsafe_tables
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.doctor.check import Check, State
from sprechzeit.doctor.files import KEYS, check_backup, check_key_files
from sprechzeit.doctor.in_database import check_database, check_migrations
from sprechzeit.doctor.packages import check_debuggers
from sprechzeit.doctor.run import examine
from sprechzeit.doctor.sockets import check_sockets
from sprechzeit.messages.notifier_key import make_notifier_key
from tests.backed_up import backed_up
from tests.conftest import FOLDER
from tests.probe.test_our_own_server_has_no_finding import production

ADDRESS = "https://termine.example.org"


def wrong(checks: list[Check]) -> list[str]:
    return [one.name for one in checks if one.state is State.WRONG]


@contextmanager
def changed(do: str, undo: str) -> Iterator[None]:
    url = EmbeddedServer(FOLDER / "postgres").url("postgres", EMBEDDED_DATABASE)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(do)
        try:
            yield
        finally:
            connection.execute(undo)


@contextmanager
def planted_table() -> Iterator[str]:
    name = f"forgotten_{secrets.token_hex(4)}"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"create table {name} (practice_id bigint)")
        try:
            yield name
        finally:
            cursor.execute(f"drop table {name}")


def started(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sprechzeit", "serve", "--port", "1"], env=environment, capture_output=True, text=True
    )


def test_the_sound_database_and_files_are_right(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    make_notifier_key(tmp_path)

    checks = [*check_database(), check_migrations(), *check_key_files(tmp_path, tmp_path)]

    assert wrong(checks) == []
    assert {one.state for one in checks} == {State.OK}
    assert len(checks) == 10


def test_all_checks_answer_and_what_is_wrong_says_how_to_mend_it() -> None:
    checks = examine(settings.ENVIRONMENT)

    assert len(checks) >= 14
    assert all(one.mend for one in checks if one.state is State.WRONG)
    assert not [one for one in checks if one.is_fatal]


def test_a_table_without_policy_is_found() -> None:
    with planted_table() as name:
        found = [one for one in check_database() if one.state is State.WRONG]

    (only,) = found
    assert only.is_fatal
    assert name in only.seen


@pytest.mark.parametrize("power", ["superuser", "bypassrls", "createdb", "createrole"])
def test_a_role_with_a_power_is_found(power: str) -> None:
    with changed(f"alter role sprechzeit_desk {power}", f"alter role sprechzeit_desk no{power}"):
        found = wrong(check_database())

    assert found == ["role sprechzeit_desk"]


def test_a_role_that_may_create_or_owns_a_table_is_found() -> None:
    with changed(
        "grant create on schema public to sprechzeit_front", "revoke create on schema public from sprechzeit_front"
    ):
        creating = wrong(check_database())
    with changed("create table owned_by_front (x int); alter table owned_by_front owner to sprechzeit_front",
                 "drop table owned_by_front"):  # fmt: skip  # lines grouped by hand
        owning = wrong(check_database())

    assert creating == owning == ["role sprechzeit_front"]


def test_a_pending_migration_is_found() -> None:
    row = "app = 'booking' and name = '0002_policies'"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"update django_migrations set name = 'gone' where {row}")
    try:
        found = check_migrations()
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "update django_migrations set name = '0002_policies' where app = 'booking' and name = 'gone'"
            )

    assert (found.state, found.is_fatal) == (State.WRONG, True)
    assert check_migrations().state is State.OK


def test_files_that_others_may_read_are_found(tmp_path: Path) -> None:
    make_notifier_key(tmp_path)
    (tmp_path / "notifier.key").chmod(0o644)
    tmp_path.chmod(0o755)

    assert wrong(check_key_files(tmp_path, tmp_path)) == ["mode of notifier.key", "mode of the data folder"]


def test_a_socket_that_others_reach_is_found_and_one_of_the_loopback_is_not() -> None:
    with socket.socket() as inner, socket.socket() as outer:
        inner.bind(("127.0.0.1", 0))
        outer.bind(("0.0.0.0", 0))  # noqa: S104 - this is the fault
        inner.listen()
        outer.listen()
        reachable, own = f"0.0.0.0:{outer.getsockname()[1]}", f":{inner.getsockname()[1]}"
        told = check_sockets()

    assert told.state is State.WRONG
    assert reachable in told.seen
    assert own not in told.seen


def test_where_there_is_no_proc_sockets_are_not_checked(tmp_path: Path) -> None:
    assert check_sockets(tmp_path).state is State.NOT_CHECKED


@pytest.mark.parametrize(
    ("name", "is_fatal"),
    [("django_debug_toolbar", True), ("Django-Silk", True), ("debugpy", True), ("Werkzeug", False)],
)
def test_an_installed_debugger_is_found(name: str, is_fatal: bool, tmp_path: Path) -> None:
    info = tmp_path / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")

    told = check_debuggers(production=True, path=[str(tmp_path)])

    assert (told.state, told.is_fatal) == (State.WRONG, is_fatal)


def test_without_debuggers_production_is_right(tmp_path: Path) -> None:
    assert check_debuggers(production=True, path=[str(tmp_path)]).state is State.OK


def test_a_backup_is_missing_old_readable_or_right(tmp_path: Path) -> None:
    none = check_backup(tmp_path)
    backed_up(tmp_path)
    (dump,) = tmp_path.glob("data-*.dump")
    right = check_backup(tmp_path)
    with clock.travelled(timedelta(hours=30)):
        old = check_backup(tmp_path)
    os.chmod(dump, 0o644)  # noqa: PTH101 - as the fault is made by hand
    readable = check_backup(tmp_path)

    states = [one.state for one in (none, right, old, readable, check_backup(None))]
    assert states == [State.WRONG, State.OK, State.WRONG, State.WRONG, State.NOT_CHECKED]


@pytest.mark.parametrize("name", ["data", "record-keys"])
def test_a_backup_that_breaks_off_or_lacks_its_keys_cannot_be_restored(tmp_path: Path, name: str) -> None:
    backed_up(tmp_path)
    (broken,) = tmp_path.glob(f"{name}*.dump")

    os.truncate(broken, broken.stat().st_size - 200)
    cut = check_backup(tmp_path)
    (tmp_path / KEYS).unlink()
    without = check_backup(tmp_path)

    assert (cut.state, without.state) == (State.WRONG, State.WRONG)
    assert broken.name in cut.seen


def test_production_does_not_start_with_a_table_without_policy(tmp_path: Path) -> None:
    with planted_table() as name:
        told = started(production(ADDRESS, tmp_path))

    assert told.returncode == 2
    (line,) = told.stderr.splitlines()
    assert line.startswith("sprechzeit: not started: row-level security")
    assert name in line


def test_production_does_not_start_with_a_key_that_others_may_read(tmp_path: Path) -> None:
    make_notifier_key(tmp_path)
    (tmp_path / "notifier.key").chmod(0o644)

    told = started({**production(ADDRESS, tmp_path), "NOTIFIER_KEYS": str(tmp_path)})

    assert told.returncode == 2
    assert told.stderr.startswith("sprechzeit: not started: mode of notifier.key")


def test_production_does_not_start_beside_a_debugger(tmp_path: Path) -> None:
    info = tmp_path / "django_debug_toolbar-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: django-debug-toolbar\nVersion: 1.0\n")
    environment = production(ADDRESS, tmp_path)

    told = started({**environment, "PYTHONPATH": f"{environment.get('PYTHONPATH', '')}:{tmp_path}"})

    assert told.returncode == 2
    assert told.stderr.startswith("sprechzeit: not started: debuggers and profilers: installed: django-debug-toolbar")


def test_production_does_not_start_with_a_pending_migration(tmp_path: Path) -> None:
    row = "app = 'booking' and name = '0002_policies'"
    undo = "insert into django_migrations (app, name, applied) values ('booking', '0002_policies', now())"
    with changed(f"delete from django_migrations where {row}", undo):
        told = started(production(ADDRESS, tmp_path))

    assert told.returncode == 2
    assert told.stderr.startswith("sprechzeit: not started: migrations: 1 are pending")


def test_development_starts_all_the_same_and_reasons_are_none() -> None:
    from sprechzeit.doctor.run import reasons_not_to_start

    with planted_table():
        assert unsafe_tables(_raw()) != []
        assert reasons_not_to_start(settings.ENVIRONMENT) == []


def _raw() -> psycopg.Connection:
    connections["owner"].ensure_connection()
    return connections["owner"].connection
