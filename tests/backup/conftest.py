"""A second server to restore into, beside the one that all tests share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from tests.conftest import FOLDER


@pytest.fixture(scope="module")
def source() -> str:
    """Where everything is that tests have made."""
    return EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)


@pytest.fixture(scope="module")
def second() -> Iterator[EmbeddedServer]:
    base = Path(tempfile.mkdtemp(prefix="sprechzeit-second-", dir="/tmp"))
    base.chmod(0o755)
    server = EmbeddedServer(base / "postgres", settings={"fsync": "off"})
    server.start()
    yield server
    server.erase()
    shutil.rmtree(base)


@pytest.fixture
def empty(second: EmbeddedServer, request: pytest.FixtureRequest) -> str:
    """An empty database of its own on the second server."""
    import psycopg

    name = f"d{abs(hash(request.node.name)):x}"
    with psycopg.connect(second.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    return second.url(SUPERUSER, name)
