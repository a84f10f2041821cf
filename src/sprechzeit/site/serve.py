"""The web server: granian, on localhost only; TLS and the world are the reverse proxy's."""

from __future__ import annotations

import logging
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

TARGET = "sprechzeit.site.wsgi:application"
THREADS = 32  # most wait: a thread for each stream of an open desk (web/desk/live.py), the rest for pages


def serve(port: int, workers: int) -> None:
    """Serve until told to stop. No access log: an address can hold a link's secret."""
    logging.getLogger("granian").setLevel(logging.WARNING)
    server = Granian(
        TARGET,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        log_access=False,
        websockets=False,
        respawn_failed_workers=True,
    )
    server.serve()
    sys.stdout.flush()
