"""The vault is pure: it brings neither Django nor a database along, and its public names are all there."""

from __future__ import annotations

import subprocess
import sys

from sprechzeit import vault

PROBE = """
import sys
import sprechzeit.vault
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "psycopg", "sqlite3", "logging"}))
"""


def test_importing_it_imports_no_framework_no_database_and_no_logging() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_every_public_name_exists() -> None:
    assert all(hasattr(vault, name) for name in vault.__all__)
    assert len(set(vault.__all__)) == len(vault.__all__)
