"""Create the cluster, and refuse one of another major version."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from sprechzeit.database.embedded.binaries import MAJOR
from sprechzeit.database.embedded.failures import EmbeddedError, failure_in
from sprechzeit.database.embedded.folders import give_to_server
from sprechzeit.database.embedded.place import Place
from sprechzeit.database.embedded.rules import SUPERUSER

# No PG… variable of the caller gets in.
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

_UNSPEAKABLE = set('"$`\\')  # initdb passes paths to a shell
_INITDB = (
    "--data-checksums",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=peer",
    "--auth-host=reject",
)


def is_created(place: Place) -> bool:
    """Whether the cluster exists.

    Raises
    ------
    EmbeddedError
        It is one of another major version, which these programs cannot read.
    """
    stamp = place.data / "PG_VERSION"
    if not stamp.exists():
        return False
    found = stamp.read_text(encoding="ascii").strip()
    if found != MAJOR:
        raise EmbeddedError(
            f"{place.data} was written by PostgreSQL {found}, this is {MAJOR}: "
            f"dump it with version {found} and load it anew."
        )
    return True


def create(place: Place, programs: Path) -> None:
    """Run ``initdb`` beside the final folder and move it there: a half-made cluster is never taken for one.

    Raises
    ------
    EmbeddedError
        ``initdb`` failed, or something that is no cluster lies in the way.
    """
    place.server_user()
    if _UNSPEAKABLE.intersection(f"{place.home}{programs}"):
        raise EmbeddedError(f"The name of the folder {place.home} must not hold any of {' '.join(_UNSPEAKABLE)}")
    if place.data.exists() and any(place.data.iterdir()):
        raise EmbeddedError(f"{place.data} is no data folder of PostgreSQL: move it away.")
    unfinished = place.home / "data.unfinished"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    give_to_server(place, unfinished)
    done = subprocess.run(  # noqa: S603 - our own program and arguments
        [programs / "initdb", "-D", unfinished, "-U", SUPERUSER, *_INITDB],
        env=CLEAN_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        start_new_session=True,
        text=True,
        **place.run_as_server(),
    )
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise failure_in(done.stderr)
    unfinished.rename(place.data)
