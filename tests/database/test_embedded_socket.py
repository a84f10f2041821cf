from __future__ import annotations

import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from sprechzeit.database.embedded import EmbeddedError, EmbeddedServer
from sprechzeit.database.embedded.processes import cluster_processes

KNOCK = """
import os, socket, sys
os.setgroups([]); os.setresgid(65533, 65533, 65533); os.setresuid(65533, 65533, 65533)
knocking = socket.socket(socket.AF_UNIX)
try:
    knocking.connect(sys.argv[1])
except PermissionError:
    sys.exit(13)
"""


def sockets_of(pid: int) -> set[str]:
    found = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found.add(str(descriptor.readlink()))
    return {name.removeprefix("socket:[").rstrip("]") for name in found if name.startswith("socket:[")}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_process_of_it_holds_a_tcp_socket(quiet_server: EmbeddedServer, superuser: psycopg.Connection) -> None:
    held = set().union(*(sockets_of(pid) for pid in cluster_processes(quiet_server.place)))
    tables = [Path("/proc/net") / name for name in ("tcp", "tcp6", "udp", "udp6")]
    internet = {line.split()[9] for table in tables if table.exists() for line in table.read_text().splitlines()[1:]}

    assert held
    assert not held & internet
    assert superuser.execute("show listen_addresses").fetchone() == ("",)


def test_the_socket_folder_is_closed_to_all_but_the_servers_user(quiet_server: EmbeddedServer) -> None:
    found = quiet_server.socket_dir.stat()

    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == quiet_server.place.uid
    assert stat.S_IMODE((quiet_server.socket_dir / ".s.PGSQL.5432").stat().st_mode) == 0o700


@pytest.mark.as_root
def test_another_user_of_the_computer_cannot_connect(quiet_server: EmbeddedServer) -> None:
    path = str(quiet_server.socket_dir / ".s.PGSQL.5432")

    done = subprocess.run([sys.executable, "-c", KNOCK, path])

    assert done.returncode == 13


@pytest.mark.as_root
def test_even_through_an_open_folder_another_user_is_refused_by_its_number(
    own_server: EmbeddedServer,
) -> None:
    own_server.start()
    own_server.socket_dir.chmod(0o755)
    (own_server.socket_dir / ".s.PGSQL.5432").chmod(0o777)
    script = (
        "import os, sys, psycopg; os.setgroups([]); os.setresgid(1, 1, 1); os.setresuid(1, 1, 1)\n"
        "try: psycopg.connect(sys.argv[1])\n"
        "except psycopg.OperationalError as error: print(error)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, own_server.url("sprechzeit_front", "postgres")],
        capture_output=True,
        text=True,
    )

    assert "Peer authentication failed" in done.stdout


def test_a_role_that_is_not_ours_is_refused(quiet_server: EmbeddedServer, superuser: psycopg.Connection) -> None:
    superuser.execute("create role stranger login superuser")

    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(quiet_server.url("stranger", "postgres"))


def test_below_a_long_path_the_socket_is_in_a_private_folder_of_its_own(open_folder: Path) -> None:
    server = EmbeddedServer(open_folder / ("a long name, 100 % 'strange' " + "x" * 80) / "postgres")
    try:
        server.start()

        assert server.socket_dir.parent == Path("/tmp")
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert parse_qs(urlsplit(server.url("postgres", "postgres")).query)["requirepeer"]
        with psycopg.connect(server.url("postgres", "postgres")) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        server.erase()
    assert not server.socket_dir.exists()


def test_a_private_folder_that_somebody_else_laid_out_is_refused(open_folder: Path) -> None:
    server = EmbeddedServer(open_folder / ("x" * 100) / "postgres")
    trap = open_folder / "trap"
    trap.mkdir()
    server.socket_dir.symlink_to(trap)
    try:
        with pytest.raises(EmbeddedError, match="made by somebody else"):
            server.start()
        assert not any(trap.iterdir())
    finally:
        server.socket_dir.unlink()


def test_the_address_is_encoded(open_folder: Path) -> None:
    server = EmbeddedServer(open_folder / "a b&c" / "postgres")

    parts = urlsplit(server.url("sprechzeit_desk", "spr/echzeit"))

    assert parts.username == "sprechzeit_desk"
    assert parts.path == "/spr%2Fechzeit"
    assert parse_qs(parts.query) == {"host": [str(server.socket_dir)]}
    assert not server.place.home.exists()
