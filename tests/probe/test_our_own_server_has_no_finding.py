"""The product as production runs it, with its own settings, behind TLS. Ports are the machine's: left out."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.roles import Role
from sprechzeit.probe import probe
from tests.conftest import FOLDER
from tests.factories import make_bookable
from tests.journeys.conftest import free_port, wait_for
from tests.probe.certificates import Authority
from tests.probe.tls_proxy import tls_proxy


def production(address: str, folder: Path) -> dict[str, str]:
    """What the environment of a production server holds, for the tests' database."""
    server = EmbeddedServer(FOLDER / "postgres")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SPRECHZEIT_")}
    return {
        **kept,
        "SPRECHZEIT_ENV": "production",
        "SPRECHZEIT_DATA": str(folder),
        "NOTIFIER_KEYS": str(FOLDER / "keys"),
        "SECRET_KEY": "Unverwechselbar" * 4,
        "PUBLIC_URL": address,
        "DATABASE_URL": server.url(Role.DESK.value, EMBEDDED_DATABASE),
        **{f"DATABASE_URL_{role.name}": server.url(role.value, EMBEDDED_DATABASE) for role in Role},
    }


@pytest.fixture
def own_site(database: None, authority: Authority, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as outside:
        outside.bind(("127.0.0.1", 0))
        address, port = f"https://localhost:{outside.getsockname()[1]}", free_port()
        environment, command = production(address, tmp_path), [sys.executable, "-m", "sprechzeit"]
        collect = [*command, "django-admin", "collectstatic", "--noinput", "-v", "0"]
        subprocess.run(collect, env=environment, check=True)
        with (tmp_path / "web.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "serve", "--port", str(port), "--workers", "1"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(f"http://localhost:{port}", process)
        with tls_proxy(authority, outside, port):
            yield address
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_our_own_server_has_no_finding(own_site: str, authority: Authority) -> None:
    make_bookable()

    report = probe(own_site, ports=(), ca_file=authority.file, seconds=280)

    assert report.findings == ()
    assert report.complete
    assert report.requests > 700


def test_the_command_tells_findings_for_machines_and_by_its_exit_code(own_site: str, authority: Authority) -> None:
    command = [sys.executable, "-m", "sprechzeit", "probe", own_site, "--json", "--no-ports"]

    sound = subprocess.run([*command, "--ca-file", str(authority.file)], capture_output=True, text=True)
    unknown_authority = subprocess.run(command, capture_output=True, text=True)

    assert (sound.returncode, unknown_authority.returncode) == (0, 1)
    assert [one["code"] for one in json.loads(unknown_authority.stdout)["findings"]] == ["cert-untrusted"]


@pytest.mark.parametrize("address", ["https://localhost:1", "termine.example.org", "https://a@b", "https://x/y"])
def test_what_cannot_be_looked_at_ends_with_2_and_one_line(address: str) -> None:
    told = subprocess.run([sys.executable, "-m", "sprechzeit", "probe", address], capture_output=True, text=True)

    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1
