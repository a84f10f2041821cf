"""Make the server's folders, private where they must be, and touch no permission outside of them."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from sprechzeit.database.embedded.failures import DISK_FULL, EmbeddedError
from sprechzeit.database.embedded.place import ELSEWHERE, Place, closed_parent

NEEDED_BYTES = 300_000_000
NOTE = "WHERE-THE-DATA-IS.txt"
LOCK = "lock"


def make_home(place: Place, progress: Callable[[str], None]) -> None:
    """Make the home folder; leave a note in the asked one when it is another.

    Raises
    ------
    EmbeddedError
        The data belong to another user, or a parent was closed to the server after they were made.
    """
    if not place.as_root:
        place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        if closed := closed_parent(place.home):
            raise EmbeddedError(
                f"{closed} is closed to PostgreSQL's user: let it pass (chmod o+x) or use another folder."
            )
        if place.home != place.folder:
            _make_elsewhere(place, progress)
        _make_passable(place.home)
    if place.data.exists() and place.data.stat().st_uid != place.uid:
        raise EmbeddedError(f"{place.data} belongs to another user: start as that user, or use another data folder.")


def _make_elsewhere(place: Place, progress: Callable[[str], None]) -> None:
    _make_passable(ELSEWHERE)
    found = ELSEWHERE.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise EmbeddedError(f"{ELSEWHERE} must be a folder that only root can write to.")
    place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = place.folder / NOTE
    if not note.exists():
        progress(f"{place.folder} cannot be reached by PostgreSQL's user; its data go to {place.home}")
        note.write_text(f"PostgreSQL's data are in {place.home}\n", encoding="utf-8")


def _make_passable(folder: Path) -> None:
    """Make the folder and its missing parents; the server's user can walk through, whatever the umask."""
    missing = [parent for parent in reversed(folder.parents) if not parent.exists()]
    for parent in missing:
        parent.mkdir(exist_ok=True)  # another start of the same server may be a step ahead
        parent.chmod(0o755)
    if not folder.exists():
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
    elif not folder.stat().st_mode & stat.S_IXOTH:
        folder.chmod(0o711)


def make_private(place: Place) -> None:
    """Make the folders of log, rules and socket.

    Raises
    ------
    EmbeddedError
        The short socket folder below ``/tmp`` is not ours.
    """
    place.log.parent.mkdir(mode=0o700, exist_ok=True)
    place.config.mkdir(mode=0o700, exist_ok=True)
    if place.as_root:
        place.config.chmod(0o755)
    try:
        place.socket_dir.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        give_to_server(place, place.socket_dir)
    found = place.socket_dir.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != place.uid:
        raise EmbeddedError(f"{place.socket_dir} was made by somebody else: remove it.")
    place.socket_dir.chmod(0o700)


def give_to_server(place: Place, path: Path) -> None:
    """Hand a folder that we made to the user that the server runs as."""
    if place.as_root:
        os.chown(path, place.uid, place.gid, follow_symlinks=False)


def check_space(place: Place) -> None:
    """Raise ``EmbeddedError`` when the disk is nearly full."""
    if shutil.disk_usage(place.home).free < NEEDED_BYTES:
        raise EmbeddedError(DISK_FULL)


def erase(place: Place) -> None:
    """Delete what the server ever wrote, and its folder when nothing else is in it; it must not run."""
    written = ("data", "data.unfinished", "log", "config", "programs", "socket")
    for path in (place.socket_dir, *(place.home / name for name in written)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
    for path in (place.home / LOCK, place.folder / NOTE):
        path.unlink(missing_ok=True)
    for folder in {place.home, place.folder}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
