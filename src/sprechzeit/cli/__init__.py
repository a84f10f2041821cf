"""The command line: ``sprechzeit --help``."""

from __future__ import annotations

import os
import sys

from sprechzeit.environment import EnvironmentRefused


def main() -> None:
    """Entry point. Settings that are unsafe or malformed are told in one line each, and nothing starts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sprechzeit.site.settings")
    try:
        from sprechzeit.cli.commands import app
    except EnvironmentRefused as refused:
        for line in str(refused).splitlines():
            sys.stderr.write(f"sprechzeit: {line}\n")
        sys.exit(2)
    app()
