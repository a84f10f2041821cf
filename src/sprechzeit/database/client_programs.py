"""PostgreSQL's client programs: the embedded ones, which serve PostgreSQL up to 18, or those on the path."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


class Unreadable(Exception):
    """A dump cannot be read to its end, or there is no program to read it."""


def client_program(name: str) -> Path | None:
    """Where it is, or nothing."""
    from sprechzeit.database.embedded import EmbeddedError
    from sprechzeit.database.embedded.binaries import installed_programs

    try:
        found = installed_programs() / name
        if found.is_file():
            return found
    except EmbeddedError:
        pass
    path = shutil.which(name)
    return Path(path) if path else None


def unpack(dump: Path, text: Path) -> None:
    """A packed dump as SQL, without any database; into the null device it only shows that all of it can be read.

    Raises
    ------
    Unreadable
    """
    program = client_program("pg_restore")
    if program is None:
        raise Unreadable("pg_restore is missing")
    command = [str(program), "--file", str(text), str(dump)]
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise Unreadable(done.stderr.splitlines()[0] if done.stderr else "pg_restore gave no reason")
