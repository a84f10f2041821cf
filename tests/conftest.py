"""One real PostgreSQL for the whole run, migrated, with all roles. Tests commit for real and never clean up:
each makes its own practice, and practices do not see each other."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.test.utils import setup_test_environment
from hypothesis import HealthCheck, settings

FOLDER = Path(tempfile.mkdtemp(prefix="sprechzeit-tests-"))
FOLDER.chmod(0o711)  # as root the server runs as another user and must pass through
for name in [name for name in os.environ if name.startswith(("DATABASE_", "SPRECHZEIT_"))]:
    del os.environ[name]
os.environ["SPRECHZEIT_DATA"] = str(FOLDER)
os.environ["SPRECHZEIT_NO_RATE_LIMITS"] = "1"  # tests of the limits switch them on
os.environ["DJANGO_SETTINGS_MODULE"] = "sprechzeit.site.settings"

django.setup()
setup_test_environment()

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", help="folder for the screenshots of the browser tests")


@pytest.fixture(scope="session", autouse=True)
def database() -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connections

    from sprechzeit.database.connections import EMBEDDED_DATABASE
    from sprechzeit.database.embedded import EmbeddedServer
    from sprechzeit.messages.notifier_key import make_notifier_key

    server = EmbeddedServer(FOLDER / "postgres", settings={"fsync": "off"})
    server.start()
    server.ensure_roles_and_database(EMBEDDED_DATABASE)
    call_command("migrate", database="owner", verbosity=0)
    make_notifier_key(FOLDER / "keys")
    yield
    connections.close_all()
    for connection in connections.all():
        if getattr(connection, "pool", None) is not None:
            connection.close_pool()
    server.stop()
    server.erase()
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    """Every test begins in German: a request for an English page leaves its language behind in this thread."""
    from django.utils import translation

    yield
    translation.deactivate()
