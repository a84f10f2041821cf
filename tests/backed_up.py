"""What `sprechzeit backup` writes, as the command makes it, and read as a thief would: unpacked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sprechzeit.backup.make import KEYS
from sprechzeit.database.embedded.binaries import installed_programs


def backed_up(folder: Path) -> dict[str, bytes]:
    """The contents of both files as SQL, by name; the files themselves are packed."""
    subprocess.run(
        [sys.executable, "-m", "sprechzeit", "backup", str(folder)], check=True, timeout=120, env={**os.environ}
    )
    (data,) = folder.glob("data-*.dump")
    return {
        path.name: subprocess.run(
            [installed_programs() / "pg_restore", "--file=-", path], check=True, capture_output=True, timeout=120
        ).stdout
        for path in (data, folder / KEYS)
    }
