"""Who may read the key files and the data folder, and how old the newest backup is."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sprechzeit import clock
from sprechzeit.database.client_programs import Unreadable, unpack
from sprechzeit.doctor.check import Check, not_checked, ok, wrong
from sprechzeit.messages.notifier_key import PRIVATE_NAME

OLDEST = timedelta(hours=26)
KEYS = "record-keys.dump"  # as backup/make.py calls them


def check_key_files(key_folder: Path, data_folder: Path) -> list[Check]:
    """The notifier's private key is its owner's alone; the data folder is nobody's to read or write but its owner's."""
    return [_private(key_folder / PRIVATE_NAME), _folder(data_folder)]


def _private(file: Path) -> Check:
    name = f"mode of {PRIVATE_NAME}"
    try:
        found = file.stat()
    except OSError:
        return not_checked(name, "it is not there, or not for this user to see")
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        return wrong(name, f"{mode:04o}: others may read it", f"chmod 600 {file}", is_fatal=True)
    return ok(name, f"{mode:04o}, owner {found.st_uid}")


def _folder(folder: Path) -> Check:
    name = "mode of the data folder"
    try:
        mode = stat.S_IMODE(folder.stat().st_mode)
    except OSError:
        return not_checked(name, "it is not there")
    if mode & 0o066:  # to pass through (0711) is what the embedded server's own user needs
        return wrong(name, f"{mode:04o}: others may look into it", f"chmod 700 {folder}")
    return ok(name, f"{mode:04o}")


def check_backup(folder: Path | None) -> Check:
    """The newest ``data-<UTC time>.dump`` (its file's time) is from today, only its owner can read it, and so can
    ``pg_restore``: it and the records' keys beside it, to their ends. Whether a database comes of it, only a restore
    shows (docs/backup.md)."""
    name = "backup"
    if folder is None:
        return not_checked(name, "BACKUP_FOLDER is not set")
    dumps = sorted(folder.glob("data-*.dump"), key=os.path.getmtime) if folder.is_dir() else []
    if not dumps:
        return wrong(name, "there is none", "Run sprechzeit backup daily, by a timer.")
    newest = dumps[-1].stat()
    age = clock.now() - datetime.fromtimestamp(newest.st_mtime, UTC)
    if age > OLDEST:
        return wrong(
            name, f"the newest is {age.total_seconds() / 3600:.0f} hours old", "See why the timer did not run."
        )
    if newest.st_mode & 0o077:
        return wrong(name, "others may read the newest", "chmod 600 the dumps.")
    try:
        for file in (dumps[-1], folder / KEYS):
            unpack(file, Path(os.devnull))
    except Unreadable as error:
        return wrong(
            name, f"{file.name} cannot be restored: {error}", "Run sprechzeit backup anew, keep the older ones."
        )
    return ok(name, f"the newest is {age.total_seconds() / 3600:.1f} hours old and can be read to its end")
