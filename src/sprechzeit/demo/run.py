"""Run the demo: database, web server and worker as children of one process; Ctrl-C stops all of them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.environment import read_environment

PATIENCE = 15  # seconds for a child to stop


class DemoError(Exception):
    """One line about what is wrong with this machine."""


def say(line: str) -> None:
    """A line of progress."""
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


def run_demo(port: int, *, reset: bool) -> None:
    """Run until Ctrl-C or SIGTERM.

    Raises
    ------
    DemoError
        The port is taken, or a part of the demo stopped by itself.
    EmbeddedError
        The database cannot run here.
    """
    base = Path(__file__).resolve().parents[3]
    folder = read_environment(os.environ, base).data_folder
    require_free_port(port)
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)  # to pass through is what the database's user needs
    environment = {**os.environ, "SPRECHZEIT_DEMO": "1", "PUBLIC_URL": f"http://localhost:{port}"}
    server = EmbeddedServer(folder / "postgres") if "DATABASE_URL" not in os.environ else None
    children: list[subprocess.Popen[bytes]] = []
    stopped_by: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopped_by.append(number)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        if server is not None:
            prepare_database(server, folder, reset=reset)
        if not stopped_by:
            _step(environment, "prepare-demo")
        if not stopped_by:
            logs = folder / "log"
            logs.mkdir(exist_ok=True)
            children.append(_child(environment, logs / "web.log", "serve", "--port", str(port)))
            children.append(_child(environment, logs / "worker.log", "worker"))
            _wait_for_port(port, children, stopped_by)
            _tell(port)
        while not stopped_by:
            _require_alive(children)
            time.sleep(0.3)
    finally:
        say("Stopping …")
        for child in children:
            _stop_child(child)
        if server is not None:
            server.stop()
        say("Stopped. The data is kept; `make demo` goes on with it.")


def prepare_database(server: EmbeddedServer, folder: Path, *, reset: bool) -> None:
    """Start the embedded server, emptied first on request, with roles and an empty database."""
    if reset:
        say("Throwing the demo's data away …")
        server.stop()
        server.erase()
        (folder / "demo.key").unlink(missing_ok=True)
        shutil.rmtree(folder / "log", ignore_errors=True)
        shutil.rmtree(folder / "mails", ignore_errors=True)
    say("Starting the database …")
    server.start(say)
    server.ensure_roles_and_database(EMBEDDED_DATABASE)


def prepare_demo(progress: Callable[[str], None] = say) -> None:
    """Tables and demo data; runs in a process of its own with the demo's environment."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError
    from django.db.migrations.exceptions import BadMigrationError, InconsistentMigrationHistory

    from sprechzeit.demo.seed import seed_demo
    from sprechzeit.messages.notifier_key import make_notifier_key

    progress("Bringing the tables up to date …")
    try:
        call_command("migrate", database="owner", verbosity=0)
    except (BadMigrationError, InconsistentMigrationHistory, DatabaseError):
        raise DemoError("the demo's data are of another version: begin anew with make demo-reset") from None
    make_notifier_key(settings.ENVIRONMENT.key_folder)
    seed_demo(settings.ENVIRONMENT.data_folder, progress)


def require_free_port(port: int) -> None:
    """Say it before anything is started.

    Raises
    ------
    DemoError
    """
    if not 1 <= port <= 65535:
        raise DemoError("the port must be a number from 1 to 65535")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise DemoError(f"port {port} needs more rights: take another, for example PORT={port + 8000}") from None
        except OSError:
            raise DemoError(f"port {port} is taken: choose another, for example make demo PORT={port + 1}") from None


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sprechzeit", *arguments]


def _step(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(_command(*arguments), env=environment, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise DemoError("the demo data could not be made; the lines above say why")


def _child(environment: dict[str, str], log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A child in a session of its own: Ctrl-C reaches this process only, which stops the others in order."""
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own program
            _command(*arguments), env=environment, stdout=output, stderr=output, start_new_session=True
        )


def _wait_for_port(port: int, children: list[subprocess.Popen[bytes]], stopped_by: list[int]) -> None:
    end = time.monotonic() + 60
    while not stopped_by and time.monotonic() < end:
        _require_alive(children)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def _require_alive(children: list[subprocess.Popen[bytes]]) -> None:
    if any(child.poll() is not None for child in children):
        raise DemoError("a part of the demo stopped by itself: .data/log says more")


def _stop_child(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _tell(port: int) -> None:
    address = f"http://localhost:{port}"
    sys.stdout.write(
        f"\n  Sprechzeit runs.\n\n"
        f"    Patients book:   {address}/praxis/lindenpark/\n"
        f"    The practice:    {address}/desk/   (button: Als Demo-Praxis anmelden)\n"
        f"    Sent mails:      {address}/demo/mails/\n"
        f"    The API:         {address}/api/v1/openapi.json\n\n"
        f"  Ctrl-C stops everything.\n\n"
    )
    sys.stdout.flush()
