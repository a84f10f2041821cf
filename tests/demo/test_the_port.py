from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sprechzeit.demo.run import DemoError, require_free_port


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(DemoError, match="from 1 to 65535"):
        require_free_port(port)


def test_a_port_that_is_taken_is_told_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(DemoError, match=f"port {port} is taken.*PORT={port + 1}"):
            require_free_port(port)


def test_the_command_tells_it_in_one_line_before_it_starts_anything(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "sprechzeit", "demo", "--port", str(taken.getsockname()[1])],
            env={**os.environ, "SPRECHZEIT_DATA": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.returncode == 1
    assert done.stderr.startswith("sprechzeit: port ")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()
