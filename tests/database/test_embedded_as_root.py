"""As root the server runs as uid 65534; no user is created, no permission outside of its folder changes."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.binaries import installed_programs
from sprechzeit.database.embedded.place import ELSEWHERE
from sprechzeit.database.embedded.processes import cluster_processes

pytestmark = pytest.mark.as_root


def permissions(paths: list[Path]) -> dict[Path, tuple[int, int, int]]:
    found = {path: path.stat() for path in paths}
    return {path: (stat.st_mode, stat.st_uid, stat.st_gid) for path, stat in found.items()}


def users_and_groups() -> list[bytes]:
    return [Path(name).read_bytes() for name in ("/etc/passwd", "/etc/group", "/etc/shadow")]


def outside(server: EmbeddedServer) -> list[Path]:
    programs = installed_programs()
    return [*server.place.folder.parents, programs / "postgres", programs, *programs.parents]


def test_its_processes_run_as_nobody(quiet_server: EmbeddedServer) -> None:
    users = {Path(f"/proc/{pid}").stat().st_uid for pid in cluster_processes(quiet_server.place)}

    assert users == {65534}


def test_its_processes_have_no_group_of_roots(quiet_server: EmbeddedServer) -> None:
    for pid in cluster_processes(quiet_server.place):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        groups = {
            line.split(":")[0]: line.split(":")[1].split() for line in status if line.startswith(("Gid", "Groups"))
        }
        assert groups == {"Gid": ["65534"] * 4, "Groups": []}


def test_nothing_outside_its_folder_changes_and_no_user_is_created(own_server: EmbeddedServer) -> None:
    before = permissions(outside(own_server)), users_and_groups()

    own_server.start()

    assert (permissions(outside(own_server)), users_and_groups()) == before


def test_its_user_can_change_neither_its_rules_nor_its_programs(quiet_server: EmbeddedServer) -> None:
    place = quiet_server.place
    for path in (place.home, place.config, *place.config.iterdir(), place.log.parent, place.log):
        assert (path.stat().st_uid, path.stat().st_mode & 0o022) == (0, 0)
    for path in (place.home / "programs").rglob("*"):
        assert path.is_symlink() or (path.stat().st_uid, path.stat().st_mode & 0o022) == (0, 0)


def test_below_a_closed_folder_the_data_go_elsewhere_and_a_note_says_where(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    told: list[str] = []
    server = EmbeddedServer(closed / "postgres")
    before = permissions(outside(server)[1:]), users_and_groups()
    try:
        server.start(told.append)

        assert server.place.data.is_relative_to(ELSEWHERE)
        assert str(server.place.home) in next((closed / "postgres").glob("*.txt")).read_text()
        assert any(str(server.place.home) in line for line in told)
        assert (permissions(outside(server)[1:]), users_and_groups()) == before
        with psycopg.connect(server.url("postgres", "postgres")) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        server.erase()
    assert not server.place.home.exists()
    assert list(closed.iterdir()) == []


def test_a_strict_umask_does_not_lock_the_server_out(own_server: EmbeddedServer) -> None:
    before = os.umask(0o077)
    try:
        own_server.start()
    finally:
        os.umask(before)

    assert own_server.is_running()
