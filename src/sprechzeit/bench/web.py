"""The product's own web server with two processes on a free port, and what memory they take."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sprechzeit.bench.errors import BenchError

WORKERS = 2
PATIENCE = 60.0  # seconds to start, and to stop


@dataclass(frozen=True)
class Web:
    """A running server. ``pid`` is the one that keeps the processes that answer."""

    pid: int
    port: int

    def resident_mib(self) -> float:
        """Resident memory of the largest process that answers requests, in MiB."""
        workers = [kib for parent, kib in _processes() if parent == self.pid]
        if len(workers) < WORKERS:
            raise BenchError("the server's processes are not to be found")
        return max(workers) / 1024


@contextmanager
def web_server(environment: Mapping[str, str], folder: Path) -> Iterator[Web]:
    """Run it; its log goes into ``folder``.

    Raises
    ------
    BenchError
        It does not start.
    """
    port = free_port()
    command = [sys.executable, "-m", "sprechzeit", "serve", "--port", str(port), "--workers", str(WORKERS)]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, env={**environment, "PUBLIC_URL": f"http://localhost:{port}"}, stdout=log, stderr=log
        )
    try:
        await_port(port, process)
        yield Web(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise BenchError("the web server does not start; web.log in the benchmark's folder says why")


def _processes() -> list[tuple[int, int]]:
    """Parent and resident memory in KiB of every process, from /proc or, without it, from ``ps``."""
    found: list[tuple[int, int]] = []
    proc = Path("/proc")
    if not (proc / "self" / "status").exists():
        done = subprocess.run(["/bin/ps", "-axo", "ppid=,rss="], capture_output=True, text=True, check=True)
        return [(int(parent), int(kib)) for parent, kib in (line.split() for line in done.stdout.splitlines())]
    for status in proc.glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:  # it ended meanwhile
            continue
        values = dict(line.split(":", 1) for line in lines)
        if "VmRSS" in values:
            found.append((int(values["PPid"]), int(values["VmRSS"].split()[0])))
    return found
