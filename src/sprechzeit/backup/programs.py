"""Run ``pg_dump`` and ``pg_restore`` against a database."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sprechzeit.backup.errors import BackupError
from sprechzeit.database.client_programs import client_program

NEEDS_MORE = "row-level security"


def run_program(name: str, url: str, *arguments: str) -> None:
    """Run it against this database. The password goes by the environment: arguments are seen by every user.

    Raises
    ------
    BackupError
        The program is missing or failed. Only its own error lines are told; they name tables, never rows.
    """
    given = conninfo_to_dict(url)
    password = str(given.pop("password", "") or "")
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
    command = [str(_program(name)), "--dbname", make_conninfo("", **given), "--no-password", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()] or ["it gave no reason"]
        more = " Set DATABASE_URL_BACKUP to a log-in that may read all rows (superuser or BYPASSRLS)."
        raise BackupError(f"{name} failed: {lines[0]}{more if NEEDS_MORE in done.stderr else ''}")


def _program(name: str) -> Path:
    found = client_program(name)
    if found is None:
        raise BackupError(
            f"{name} is missing: install the client programs of PostgreSQL, at least as new as the server."
        )
    return found
