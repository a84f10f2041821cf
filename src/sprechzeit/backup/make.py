"""Make a backup in two files: the data, without the records' own keys, and beside it these keys, only the newest.

So an old data file opens only what has not been erased since (docs/decisions/003-record-keys.md).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from sprechzeit import clock
from sprechzeit.backup.errors import BackupError
from sprechzeit.backup.programs import run_program
from sprechzeit.backup.tables import NEVER, NEWEST_ONLY

KEYS = "record-keys.dump"
STAMP = "%Y%m%dT%H%M%SZ"
FORMAT = ("--format", "custom")


def make_backup(folder: Path, url: str) -> Path:
    """Write both files into the folder, each readable by its owner alone, and tell the data file's name.

    The keys come second: what is erased in between is in the data and has no key. The newest keys take the place of
    the ones before only when they are complete.

    Raises
    ------
    BackupError
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = folder / f"data-{clock.now().astimezone(UTC).strftime(STAMP)}.dump"
        without = [f"--exclude-table-data=public.{table}" for table in (*NEWEST_ONLY, *NEVER)]
        _dump(data, url, *without)
        _dump(folder / KEYS, url, "--data-only", *(f"--table=public.{table}" for table in NEWEST_ONLY))
    except OSError as error:
        raise BackupError(f"{folder} cannot be written: {error.strerror}") from None
    return data


def backups(folder: Path) -> dict[datetime, Path]:
    """The data files by their moment, the oldest first."""
    found = {}
    for path in sorted(folder.glob("data-*.dump")):
        try:
            found[datetime.strptime(path.stem.removeprefix("data-"), STAMP).replace(tzinfo=UTC)] = path
        except ValueError:
            continue
    return found


def _dump(target: Path, url: str, *arguments: str) -> None:
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        run_program("pg_dump", url, *FORMAT, *arguments, "--file", str(unfinished))
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    entry = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
