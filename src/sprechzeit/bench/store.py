"""The benchmark's own database: loaded once, used again while scale, tables, loader and week are the same."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sprechzeit.bench.calendar import today
from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.load import SETTINGS, Loaded, load
from sprechzeit.bench.progress import Progress
from sprechzeit.bench.scale import Scale
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer

MARKER = "loaded.json"
FRESH_DAYS = 7  # then the future has become the past
SUPERUSER = "postgres"
PACKAGE = Path(__file__).resolve().parent.parent
LOADER = ("calendar", "furniture", "keys", "lines", "load", "people", "profile", "rows", "scale")


@dataclass(frozen=True)
class Store:
    """A running, loaded database. Rows made after ``loaded_at`` are a measurement's."""

    server: EmbeddedServer
    folder: Path
    loaded_at: datetime
    load: Loaded
    reused: bool

    def url(self, role: str = SUPERUSER) -> str:
        """Where to connect to, as this role."""
        return self.server.url(role, EMBEDDED_DATABASE)

    def environment(self) -> dict[str, str]:
        """The environment of a process of the product that works on this database."""
        return environment(self.folder)


def environment(folder: Path) -> dict[str, str]:
    """Ours, without anything that points to another database, and without limits: all clients share one address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "SPRECHZEIT_"))}
    ours = {"SPRECHZEIT_DATA": str(folder), "SPRECHZEIT_NO_RATE_LIMITS": "1"}
    return {**kept, **ours, "DJANGO_SETTINGS_MODULE": "sprechzeit.site.settings"}


def open_store(folder: Path, scale: Scale, progress: Progress, *, fresh: bool = False) -> Store:
    """Start the database in ``folder``, loaded with ``scale``; load it when it is not there as wanted.

    Raises
    ------
    EmbeddedError
        PostgreSQL cannot run here.
    BenchError
        The migrations failed; they said why.
    """
    (folder / "static").mkdir(parents=True, exist_ok=True)  # the web server looks for it
    server = EmbeddedServer(folder / "postgres")
    marker = folder / MARKER
    wanted = {
        "scale": scale.name,
        "totals": {**asdict(scale), "largest": list(scale.largest)},
        "fingerprint": fingerprint(),
    }
    found = _read(marker)
    if not fresh and is_usable(found, wanted, datetime.now(UTC)):
        progress.say(f"Using the database loaded on {found['loaded_at'][:16]}")
        server.start(progress.say)
        return Store(server, folder, datetime.fromisoformat(found["loaded_at"]), Loaded(**found["load"]), reused=True)
    marker.unlink(missing_ok=True)
    server.erase()
    loaded = fill(folder, scale, progress)
    loaded_at = datetime.now(UTC)
    server.start(progress.say)  # with the product's own settings
    marker.write_text(json.dumps({**wanted, "loaded_at": loaded_at.isoformat(), "load": asdict(loaded)}) + "\n")
    return Store(server, folder, loaded_at, loaded, reused=False)


def is_usable(found: Mapping[str, object], wanted: Mapping[str, object], now: datetime) -> bool:
    """Whether a database with this marker is what is wanted, and not too old."""
    if any(found.get(name) != value for name, value in wanted.items()):
        return False
    return (now - datetime.fromisoformat(str(found["loaded_at"]))).days < FRESH_DAYS


def fingerprint() -> str:
    """Changes with every migration and with the loader itself."""
    digest = hashlib.sha256()
    sources = sorted(PACKAGE.glob("*/migrations/*.py"))
    for path in [*sources, *(PACKAGE / "bench" / f"{name}.py" for name in LOADER)]:
        digest.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def fill(folder: Path, scale: Scale, progress: Progress, secret: bytes = b"") -> Loaded:
    """Make the database in ``folder`` and load it; it is stopped afterwards. ``secret``: see ``keys_of``.

    Raises
    ------
    EmbeddedError, BenchError
    """
    loading = EmbeddedServer(folder / "postgres", settings=SETTINGS)
    try:
        loading.start(progress.say)
        loading.ensure_roles_and_database(EMBEDDED_DATABASE)
        progress.say("Making the tables")
        command = [
            sys.executable,
            "-m",
            "sprechzeit",
            "django-admin",
            "migrate",
            "--database=owner",
            "--skip-checks",
            "-v0",
        ]
        if subprocess.run(command, env=environment(folder), check=False).returncode:  # noqa: S603 - our own program
            raise BenchError("the tables could not be made; the lines above say why")
        return load(loading.url(SUPERUSER, EMBEDDED_DATABASE), scale, today(), progress, secret)
    finally:
        loading.stop()  # the next start is with other settings
        os.sync()  # loaded without fsync


def _read(marker: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(marker.read_text()))
    except (FileNotFoundError, ValueError):
        return {}
