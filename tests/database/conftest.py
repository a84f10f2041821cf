"""Embedded servers of the tests' own, besides the one that all other tests share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sprechzeit.database.embedded import EmbeddedServer

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("as_root"):
            item.add_marker(as_root)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "as_root: needs root")


def _open_folder() -> Path:
    base = Path(tempfile.mkdtemp(prefix="sprechzeit-", dir="/tmp"))
    base.chmod(0o755)
    return base


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that every user can walk to."""
    base = _open_folder()
    yield base
    shutil.rmtree(base)


@pytest.fixture
def own_server(open_folder: Path) -> Iterator[EmbeddedServer]:
    """A server that the test may treat badly; not started."""
    server = EmbeddedServer(open_folder / "postgres")
    yield server
    server.erase()


@pytest.fixture(scope="module")
def quiet_server() -> Iterator[EmbeddedServer]:
    """A running server for tests that only look."""
    base = _open_folder()
    server = EmbeddedServer(base / "postgres")
    server.start()
    server.ensure_roles_and_database("sprechzeit")
    yield server
    server.erase()
    shutil.rmtree(base)


@pytest.fixture
def superuser(quiet_server: EmbeddedServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(quiet_server.url("postgres", "sprechzeit"), autocommit=True) as connection:
        yield connection
