from __future__ import annotations

import errno
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from sprechzeit.database.embedded import EmbeddedError, EmbeddedServer, binaries
from sprechzeit.database.embedded.failures import failure_in, failures_told

Usage = namedtuple("Usage", "total used free")


def refused(server: EmbeddedServer) -> str:
    with pytest.raises(EmbeddedError) as caught:
        server.start()
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_a_full_disk_is_said_before_anything_is_written(
    own_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 299_000_000))

    assert "disk is full" in refused(own_server)
    assert not own_server.place.data.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_becomes_full_meanwhile_is_said_too(number: int) -> None:
    with pytest.raises(EmbeddedError, match="disk is full"), failures_told():
        raise OSError(number, "whatever")


def test_a_disk_that_becomes_full_while_postgres_writes_is_said_too() -> None:
    told = failure_in("LOG:  a\nPANIC:  could not write to file: No space left on device\nLOG:  b")

    assert "disk is full" in str(told)


def test_data_of_another_version_are_not_touched(own_server: EmbeddedServer) -> None:
    own_server.start()
    own_server.stop()
    (own_server.place.data / "PG_VERSION").write_text("16\n")

    assert "written by PostgreSQL 16, this is 18" in refused(own_server)


def test_a_folder_that_holds_something_else_is_not_touched(own_server: EmbeddedServer) -> None:
    own_server.place.data.mkdir(parents=True)
    shutil.chown(own_server.place.data, own_server.place.uid)
    (own_server.place.data / "photo.jpg").touch()

    assert "no data folder of PostgreSQL" in refused(own_server)
    assert [path.name for path in own_server.place.data.iterdir()] == ["photo.jpg"]


def test_a_platform_without_binaries_is_told_of_database_url(
    own_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)

    assert "set DATABASE_URL" in refused(own_server)


def test_a_file_in_the_way_is_named(open_folder: Path) -> None:
    (open_folder / "file").touch()

    assert "file" in refused(EmbeddedServer(open_folder / "file" / "postgres"))


def test_a_name_that_initdb_cannot_pass_to_its_shell_is_refused(open_folder: Path) -> None:
    server = EmbeddedServer(open_folder / "a$b" / "postgres")

    assert "must not hold any of" in refused(server)


def test_damaged_data_give_postgres_own_reason(own_server: EmbeddedServer) -> None:
    own_server.start()
    own_server.stop()
    (own_server.place.data / "global" / "pg_control").write_bytes(b"")

    assert "pg_control" in refused(own_server)


def test_another_postmaster_in_the_same_folder_is_not_disturbed(own_server: EmbeddedServer, open_folder: Path) -> None:
    own_server.start()
    moved = open_folder / "moved"
    own_server.place.home.rename(moved)
    try:
        server = EmbeddedServer(moved)

        assert "already uses this data folder" in refused(server)
    finally:
        moved.rename(own_server.place.home)
    assert own_server.is_running()
