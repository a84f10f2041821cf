"""A tiny scale, loaded once on an embedded server of its own."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sprechzeit.bench.progress import Progress
from sprechzeit.bench.scale import Scale
from sprechzeit.bench.store import Store, open_store

TINY = Scale("tiny", patients=200, appointments=900, practices=2, largest=(130,), members=3)


@pytest.fixture(scope="session")
def tiny() -> Scale:
    return TINY


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    folder = Path(tempfile.mkdtemp(prefix="sprechzeit-bench-", dir="/tmp"))
    folder.chmod(0o755)
    loaded = open_store(folder, TINY, Progress(io.StringIO()))
    yield loaded
    loaded.server.erase()
    shutil.rmtree(folder)


@pytest.fixture
def superuser(store: Store) -> Iterator[psycopg.Connection]:
    with psycopg.connect(store.url(), autocommit=True) as connection:
        yield connection
