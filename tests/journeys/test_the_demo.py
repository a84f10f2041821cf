"""``make demo`` as a newcomer meets it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.journeys.conftest import OpenPage
from tests.journeys.running_demo import TODAY, Demo, log_in, running_demo


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with running_demo() as one:
        yield one


def test_it_says_what_to_open(demo: Demo) -> None:
    said = demo.output.read_text()

    assert f"{demo.address}/praxis/lindenpark/" in said
    assert f"{demo.address}/desk/" in said
    assert "Ctrl-C" in said


def test_it_is_a_believable_practice(demo: Demo, open_page: OpenPage) -> None:
    page = open_page()
    log_in(page, demo)

    page.goto(f"{demo.address}/desk/?tag={TODAY}&spalten=alle")

    names = page.locator(".day__name").all_inner_texts()
    assert len(names) == 6
    assert page.locator(".entry").count() > 20
    assert re.fullmatch(r"[^\d]+, [^\d]+(\*\d{4})?", page.locator(".entry__who").first.inner_text().replace("\n", ""))


def test_a_port_that_is_taken_is_said_in_one_line(demo: Demo) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sprechzeit", "demo", "--port", str(demo.port)],
        env={**os.environ, "SPRECHZEIT_DATA": str(demo.folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"sprechzeit: port {demo.port} is taken: choose another, for example make demo PORT={demo.port + 1}\n"
    )


def test_ctrl_c_stops_all_of_it_and_a_second_start_keeps_the_data(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(errors_allowed=("net::",))  # the open desk notices that the server is gone
    log_in(page, demo)
    page.goto(f"{demo.address}/desk/?tag={TODAY}")
    before = page.locator(".entry").count()

    demo.stop()
    assert demo.processes() == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", demo.port)) != 0
    seconds = demo.start()

    assert seconds < 30  # "in seconds", with room for a busy machine
    page.goto(f"{demo.address}/desk/?tag={TODAY}")
    assert page.locator(".entry").count() == before
