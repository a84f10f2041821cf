"""Set a fresh instance up as production runs it, and take it away again."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from sprechzeit.bench.calendar import today
from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.progress import Progress
from sprechzeit.bench.scale import Scale
from sprechzeit.bench.store import fill
from sprechzeit.bench.web import await_port, free_port
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.roles import Role
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.tls_front import make_certificate, tls_front
from sprechzeit.vault import Secret

PROGRAM = (sys.executable, "-m", "sprechzeit")
SINK = (sys.executable, "-m", "sprechzeit.drill.sink")
PATIENCE = 60.0
KEPT = ("PATH", "HOME", "LANG", "PYTHONPATH", "PYTHONHASHSEED", "TMPDIR", "TZ")
Prepare = Callable[[Scene], None]


@contextmanager
def stage(
    folder: Path,
    scale: Scale,
    progress: Progress,
    *,
    program: tuple[str, ...] = PROGRAM,
    secret: Secret | None = None,
    prepare: Prepare | None = None,
) -> Iterator[Scene]:
    """Load ``scale`` into ``folder``, run database, web server, worker and mail provider, and stop them in the end.

    Parameters
    ----------
    program
        How web server and worker are begun; the tests weaken them here.
    secret
        What the practices' keys come from; random, unless a test weakens just that.
    prepare
        Called before anything of the instance runs, the database excepted; the tests weaken it here.

    Raises
    ------
    BenchError, EmbeddedError
        With one line for people.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("data/static", "log", "provider", "keys"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # as root the database runs as another user and must pass through
    (folder / "data").chmod(0o711)
    (folder / "keys").chmod(0o755)
    known = Secret(secrets.token_bytes(32)) if secret is None else secret
    day = today()
    fill(folder / "data", scale, progress, known.reveal())
    with ExitStack() as stack:
        server = EmbeddedServer(folder / "data" / "postgres")
        stack.callback(server.stop)
        server.start(progress.say)
        outside, port = socket.socket(), free_port()
        stack.callback(outside.close)
        outside.bind(("127.0.0.1", 0))
        trusted, certificate = make_certificate(folder)
        environment = _environment(folder, server, f"https://localhost:{outside.getsockname()[1]}", trusted)
        _run(program, environment, "notifier-key")
        _run(program, environment, "django-admin", "collectstatic", "--noinput", "-v", "0")
        scene = Scene(folder, scale, day, known, environment["PUBLIC_URL"], trusted, environment, 0, program)
        if prepare is not None:
            prepare(scene)
        progress.say("Starting mail provider, worker and web server")
        stack.enter_context(_running([*SINK, str(scene.mails), str(certificate)], scene, "provider"))
        environment["SMTP_URL"] = f"smtps://termine:{secrets.token_urlsafe(12)}@localhost:{_told_port(scene)}"
        stack.enter_context(_running([*program, "worker"], scene, "worker"))
        web = stack.enter_context(_running([*program, "serve", "--port", str(port)], scene, "web"))
        await_port(port, web)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        stack.enter_context(tls_front(context, outside, port))
        yield replace(scene, server_pid=web.pid)


def _environment(folder: Path, server: EmbeddedServer, address: str, trusted: Path) -> dict[str, str]:
    """What a production server is told. The embedded database stands for any: its socket is a URL as another."""
    urls = {f"DATABASE_URL_{role.name}": server.url(role.value, EMBEDDED_DATABASE) for role in Role}
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "sprechzeit.site.settings",
        "SPRECHZEIT_ENV": "production",
        "SPRECHZEIT_DATA": str(folder / "data"),
        "NOTIFIER_KEYS": str(folder / "keys"),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PUBLIC_URL": address,
        "DATABASE_URL": urls["DATABASE_URL_DESK"],
        **urls,
        "MAIL_FROM": "termine@drill.example",
        "OPERATOR_EMAIL": "host@drill.example",
        "SSL_CERT_FILE": str(trusted),
    }


def _run(program: tuple[str, ...], environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run([*program, *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise BenchError(f"{arguments[0]} failed; the lines above say why")


@contextmanager
def _running(command: list[str], scene: Scene, name: str) -> Iterator[subprocess.Popen[bytes]]:
    with (scene.logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, env=scene.environment, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - ours
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _told_port(scene: Scene) -> int:
    told, end = scene.mails / "port", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if told.exists() and (text := told.read_text()):
            told.unlink()
            return int(text)
        time.sleep(0.05)
    raise BenchError("the drill's mail provider does not start")
