"""Many callers at the same moment, each on a thread and a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import ALIASES, wearing

T = TypeVar("T")


def all_at_once(verbs: Sequence[Callable[[], T]], *, role: Role = Role.FRONT) -> tuple[list[T | Exception], int]:
    """Run all verbs, released together once every one has its connection.

    Returns
    -------
    tuple[list[T | Exception], int]
        What each gave or raised, in order, and how many different connections there were at that moment.
    """
    alias = ALIASES[role]
    backends: set[int] = set()
    barrier = threading.Barrier(len(verbs), timeout=30)

    def run(verb: Callable[[], T]) -> T | Exception:
        try:
            with wearing(role):
                with connections[alias].cursor() as cursor:
                    cursor.execute("select pg_backend_pid()")
                    backends.add(cursor.fetchone()[0])
                barrier.wait()
                return verb()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connections.close_all()

    pool = getattr(connections[alias], "pool", None)
    if pool is not None:
        pool.resize(1, len(verbs) + 2)
    try:
        with ThreadPoolExecutor(len(verbs)) as threads:
            results = list(threads.map(run, verbs))
    finally:
        if pool is not None:
            pool.resize(1, connections[alias].settings_dict["OPTIONS"]["pool"]["max_size"])
    return results, len(backends)
