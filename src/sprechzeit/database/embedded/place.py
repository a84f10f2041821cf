"""Where the server's files lie and which operating system user it runs as. Looks, but changes nothing.

Started by an ordinary user, the server runs as that user. Started by root it runs as uid 65534 (``nobody``),
because PostgreSQL refuses root and no user shall be created. That uid must be able to walk to the files; they
lie under ``/var/lib/sprechzeit`` where a parent folder is closed to it (``/root``): no permission is changed.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sprechzeit.database.embedded.failures import EmbeddedError

UNPRIVILEGED = 65534
PORT = 5432  # no TCP: only the suffix of the socket's name
ELSEWHERE = Path("/var/lib/sprechzeit")
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107 on Linux and 103 on macOS


@dataclass(frozen=True)
class Place:
    """The paths of one server. ``folder`` is what was asked for, ``home`` is where the files are."""

    folder: Path
    home: Path
    socket_dir: Path
    uid: int
    gid: int
    as_root: bool

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    @property
    def config(self) -> Path:
        """Outside ``data``, so that the server cannot change its own rules of access."""
        return self.home / "config"

    @property
    def marker(self) -> str:
        """The cluster's name; it stands in the title of each of its processes."""
        return f"sprechzeit-{_short_hash(self.data)}"

    def server_user(self) -> str:
        """Name of the user that the server runs as.

        Raises
        ------
        EmbeddedError
            The uid has no name; PostgreSQL's ``initdb`` and peer authentication need one.
        """
        return _user_name(self.uid)

    def client_user(self) -> str:
        """Name of the only user that may log in. Raises ``EmbeddedError`` like ``server_user``."""
        return _user_name(os.geteuid())

    def run_as_server(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that drop root's rights; nothing for an ordinary user."""
        mine: dict[str, Any] = {"cwd": self.home, "umask": 0o077}
        if self.as_root:
            mine |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return mine


def find_place(folder: Path) -> Place:
    """Decide where the server for ``folder`` lives; the same answer in every process of this user."""
    folder = folder.expanduser().resolve()
    as_root = os.geteuid() == 0
    home = _home_of_root(folder) if as_root else folder
    uid, gid = (UNPRIVILEGED, UNPRIVILEGED) if as_root else (os.geteuid(), os.getegid())
    return Place(folder, home, _socket_dir(home), uid, gid, as_root)


def closed_parent(path: Path) -> Path | None:
    """The first existing parent that uid 65534 cannot walk through, seen from the root."""
    for parent in reversed(path.parents):
        try:
            found = parent.stat()
        except FileNotFoundError:
            return None  # we create the rest ourselves
        if found.st_uid == UNPRIVILEGED:
            needed = stat.S_IXUSR
        elif found.st_gid == UNPRIVILEGED:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return parent
    return None


def _home_of_root(folder: Path) -> Path:
    elsewhere = ELSEWHERE / _short_hash(folder)
    if (folder / "data" / "PG_VERSION").exists():
        return folder  # data never seem to vanish because a permission changed
    if closed_parent(folder) or (elsewhere / "data" / "PG_VERSION").exists():
        return elsewhere
    return folder


def _socket_dir(home: Path) -> Path:
    inside = home / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
        return inside
    return Path("/tmp") / f"sprechzeit-{_short_hash(home)}"  # noqa: S108 - made 0700 and checked before use


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise EmbeddedError(
            f"The user with number {uid} has no name on this computer, which PostgreSQL needs; "
            "start as a user that has one, or set DATABASE_URL."
        ) from None
