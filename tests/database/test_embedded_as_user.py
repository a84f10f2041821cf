"""An ordinary user's server; when the tests run as root, a child process drops to ``daemon`` (uid 1)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from sprechzeit.database.embedded.binaries import installed_programs
from sprechzeit.database.embedded.place import closed_parent, find_place

pytestmark = pytest.mark.as_root

# Everything is imported before the rights are dropped: the interpreter itself may lie below a closed folder.
AS_ORDINARY_USER = """
import os, sys
from pathlib import Path
import psycopg
from sprechzeit.database.embedded import EmbeddedError, EmbeddedServer
uid = int(sys.argv[2])
os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
server = EmbeddedServer(Path(sys.argv[1]))
try:
    server.start()
    server.ensure_roles_and_database("sprechzeit")
    with psycopg.connect(server.url("sprechzeit_desk", "sprechzeit")) as connection:
        print(connection.execute("select current_user").fetchone()[0], server.place.uid, flush=True)
    sys.stdin.readline()
    server.stop()
    print("stopped", server.is_running(), flush=True)
except EmbeddedError as error:
    print(error, flush=True)
"""


def start_as(uid: int, folder: Path) -> subprocess.Popen[str]:
    if closed := closed_parent(installed_programs() / "postgres"):
        pytest.skip(f"{closed} is closed to ordinary users")
    folder.mkdir()
    os.chown(folder, uid, uid)
    command = [sys.executable, "-c", AS_ORDINARY_USER, str(folder / "postgres"), str(uid)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_it_starts_serves_and_stops_and_not_even_root_logs_in(open_folder: Path) -> None:
    process = start_as(1, open_folder / "home")
    assert process.stdout is not None
    said = process.stdout.readline().strip()

    assert said == "sprechzeit_desk 1"
    socket_dir = open_folder / "home" / "postgres" / "socket"
    assert socket_dir.stat().st_mode & 0o777 == 0o700
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(f"postgresql://postgres@/postgres?host={socket_dir}")
    assert process.communicate("stop\n")[0].strip() == "stopped False"


def test_a_user_without_a_name_is_told_in_one_line(open_folder: Path) -> None:
    process = start_as(65533, open_folder / "home")

    said = process.communicate("\n")[0].strip()

    assert "65533 has no name" in said
    assert "\n" not in said


def test_a_folder_of_another_user_is_told_in_one_line(open_folder: Path) -> None:
    folder = open_folder / "home"
    assert start_as(1, folder).communicate("stop\n")[0].endswith("stopped False\n")
    command = [sys.executable, "-c", AS_ORDINARY_USER, str(folder / "postgres"), "2"]

    said = subprocess.run(command, input="\n", capture_output=True, text=True).stdout.strip()

    assert said.startswith(("No permission for", f"{find_place(folder / 'postgres').data} belongs to another user"))
    assert "\n" not in said
