"""`sprechzeit backup` and `sprechzeit restore` as they are typed; what is wrong is told in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from sprechzeit import clock
from sprechzeit.backup.errors import BackupError
from sprechzeit.backup.make import KEYS, backups, make_backup
from sprechzeit.backup.programs import run_program
from sprechzeit.backup.restore import restore
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from tests.factories import book, in_days, make_bookable


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """The data folder of a second installation."""
    folder = Path(tempfile.mkdtemp(prefix="sprechzeit-else-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    EmbeddedServer(folder / "postgres").erase()
    shutil.rmtree(folder)


def typed(data_folder: Path | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if data_folder is not None:
        environment["SPRECHZEIT_DATA"] = str(data_folder)
    return subprocess.run(
        [sys.executable, "-m", "sprechzeit", *arguments], env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_backup_is_restored_into_another_installation(tmp_path: Path, elsewhere: Path) -> None:
    made, visit_type = make_bookable()
    book(made, visit_type, in_days(1, 9))

    saved = typed(None, "backup", str(tmp_path))
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    done = typed(elsewhere, "restore", str(tmp_path), "--at", tomorrow)
    again = typed(elsewhere, "restore", str(tmp_path))

    assert saved.returncode == 0, saved.stderr
    assert done.returncode == 0, done.stderr
    assert "is restored" in done.stdout
    assert (again.returncode, again.stderr) == (
        1,
        "sprechzeit: The database is not empty: restore into a new one.\n",
    )
    server = EmbeddedServer(elsewhere / "postgres")
    assert not server.is_running()
    server.start()
    with psycopg.connect(server.url(SUPERUSER, EMBEDDED_DATABASE)) as connection:
        found = connection.execute("select slug from practice where id = %s", [made.id]).fetchall()
        assert found == [(made.practice.slug,)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "There is no backup in"),
        (("--at", "gestern"), "--at must look like 2026-11-25T03:00"),
        (("--at", "2020-01-01T00:00"), "There is no backup in"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    tmp_path: Path, elsewhere: Path, arguments: tuple[str, ...], said: str
) -> None:
    told = typed(elsewhere, "restore", str(tmp_path), *arguments)

    assert told.returncode == 1
    assert said in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_without_the_keys_nothing_is_restored(source: str, empty: str, tmp_path: Path) -> None:
    make_backup(tmp_path, source)
    (tmp_path / KEYS).unlink()

    with pytest.raises(BackupError, match="without the records' own keys"):
        restore(tmp_path, empty)


def test_the_newest_data_not_after_the_moment_is_taken(source: str, empty: str, tmp_path: Path) -> None:
    first = make_backup(tmp_path, source)
    with clock.travelled(timedelta(hours=1)):
        between = clock.now()
    with clock.travelled(timedelta(hours=2)):
        second = make_backup(tmp_path, source)
    (tmp_path / "data-nonsense.dump").touch()

    assert list(backups(tmp_path).values()) == [first, second]
    assert restore(tmp_path, empty, at=between).data == first


def test_a_backup_that_fails_leaves_the_files_of_before(source: str, tmp_path: Path) -> None:
    make_backup(tmp_path, source)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with clock.travelled(timedelta(hours=1)), pytest.raises(BackupError, match="pg_dump failed"):
        make_backup(tmp_path, source.replace(EMBEDDED_DATABASE, "nirgends"))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_log_in_that_sees_one_practice_only_is_told_what_to_do(tmp_path: Path) -> None:
    from tests.conftest import FOLDER

    owner = EmbeddedServer(FOLDER / "postgres").url("sprechzeit_owner", EMBEDDED_DATABASE)

    with pytest.raises(BackupError, match="DATABASE_URL_BACKUP"):
        make_backup(tmp_path, owner)


def test_a_folder_that_cannot_be_written_is_told(source: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BackupError, match="cannot be written"):
        make_backup(tmp_path / "file", source)


def test_a_missing_program_is_told(source: str) -> None:
    with pytest.raises(BackupError, match="install the client programs"):
        run_program("pg_nothing", source)


def test_the_password_is_no_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "pg_telltale"
    program.write_text(f'#!/bin/sh\necho "$@" > {seen}\necho "$PGPASSWORD" >> {seen}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    run_program("pg_telltale", "postgresql://saver:geheim@localhost/praxis?sslmode=disable", "--schema-only")

    arguments, password = seen.read_text().splitlines()
    assert "geheim" not in arguments
    assert "saver" in arguments
    assert password == "geheim"


def test_the_files_moment_is_utc(source: str, tmp_path: Path) -> None:
    begun = clock.now().astimezone(UTC).replace(microsecond=0)

    make_backup(tmp_path, source)

    ((moment, _path),) = backups(tmp_path).items()
    assert begun <= moment <= datetime.now(UTC) + timedelta(minutes=1)
