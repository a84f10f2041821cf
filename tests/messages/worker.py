"""A real worker, as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import FOLDER
from tests.messages.posted import LOGIN


def begin_worker(port: int, certificate: Path, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """It submits to the mail server at this port."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "sprechzeit", "worker"],
            env={
                **os.environ,
                "SPRECHZEIT_DATA": str(FOLDER),
                "SMTP_URL": f"smtp+starttls://{LOGIN}@localhost:{port}",
                "MAIL_FROM": "termine@example.org",
                "SSL_CERT_FILE": str(certificate),
                **environment,
            },
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@contextmanager
def worker(port: int, certificate: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = begin_worker(port, certificate, log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(40)
